namespace AnalogHil.Devices.Serial.Transport;

/// <summary>A line whose device can be reset from this side; the line itself stays.</summary>
public interface IRebootableTransport : ISerialTransport
{
    /// <summary>Resets the device: what it held and what was on the line is gone. Called by the thread that serves the line.</summary>
    void Reboot();
}
