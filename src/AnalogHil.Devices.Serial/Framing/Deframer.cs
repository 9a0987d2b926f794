namespace AnalogHil.Devices.Serial.Framing;

/// <summary>Collects the bytes between zeros; never grows.</summary>
internal sealed class Deframer
{
    private readonly byte[] _bytes = new byte[FrameCodec.MaxStuffed + 1];
    private int _count;
    private bool _handedOut;

    /// <summary>What the last call of <see cref="Take"/> that returned true ended; too long to be a frame when longer than
    /// <see cref="FrameCodec.MaxStuffed"/>. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Candidate => _bytes.AsSpan(0, _count);

    /// <summary>Takes one byte; true when it ended a candidate.</summary>
    public bool Take(byte value)
    {
        if (_handedOut)
        {
            _count = 0;
            _handedOut = false;
        }

        if (value == 0)
        {
            return _handedOut = _count > 0;
        }

        if (_count < _bytes.Length)
        {
            _bytes[_count++] = value;
        }

        return false;
    }

    /// <summary>Forgets a candidate that is being collected.</summary>
    public void Reset()
    {
        _count = 0;
        _handedOut = false;
    }
}
