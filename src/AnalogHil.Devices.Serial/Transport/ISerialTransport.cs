using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Transport;

/// <summary>
/// A line of bytes, as System.IO.Ports would give it, that one thread serves. A line that is gone makes every call fail with
/// <see cref="DeviceFault.Disconnected"/>.
/// </summary>
public interface ISerialTransport : IDisposable
{
    /// <summary>Path or name, for messages.</summary>
    string Name { get; }

    /// <summary>Reads what is there, without waiting; 0 for nothing.</summary>
    int Read(Span<byte> buffer);

    /// <summary>Writes what the line takes now, without waiting; bytes written, possibly 0.</summary>
    int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until there is something to read, room to write if <paramref name="forWriting"/>, <see cref="Wake"/> was called, the line is
    /// gone, or the time is over.</summary>
    void Wait(TimeSpan atMost, bool forWriting);

    /// <summary>Ends a <see cref="Wait"/>, from any thread.</summary>
    void Wake();
}
