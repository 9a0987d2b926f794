namespace AnalogHil.Devices.Serial.Link;

/// <summary>How long an acknowledgement takes (Jacobson 1988, RFC 6298), in microseconds.</summary>
internal sealed class RoundTrip
{
    /// <summary>Timeout before the first measurement, and between two HELLOs.</summary>
    public const long First = 100_000;

    private const long LeastMost = 400_000;

    // A slow line takes longer than the usual limit for a single frame: full frames that a timeout may last.
    private const int MostFrames = 8;

    // Two full frames at 921,600 baud.
    private const long LeastSlack = 15_000;

    private long _smoothed;
    private long _variation;
    private long _timeout = First;
    private long _slack = LeastSlack;
    private long _most = LeastMost;

    /// <summary>Mean round trip; 0 before the first measurement.</summary>
    public long Smoothed => _smoothed;

    /// <summary>Whether an answer came in less than a quarter of the time that the line's rate would take: a terminal without a pace.</summary>
    public bool LineIsFaster { get; private set; }

    /// <summary>Time of a full frame on the line: an acknowledgement may have to wait behind one, and so may what it answers.</summary>
    public long LongestFrame
    {
        set => (_slack, _timeout, _most) = (Math.Max(LeastSlack, 2 * value), Math.Max(First, 4 * value), Math.Max(LeastMost, MostFrames * value));
    }

    /// <summary>Forgets everything that was measured.</summary>
    public void Reset() => (_smoothed, _variation, _timeout, LineIsFaster) = (0, 0, Math.Max(First, 2 * _slack), false);

    /// <summary>Takes a measurement; of messages sent once only (Karn).</summary>
    /// <param name="given">When the line took the message, microseconds.</param>
    /// <param name="left">When its last byte left by the line's rate.</param>
    /// <param name="now">When the answer came. Before <paramref name="left"/>: the line is faster than its rate, and nothing waited in it.</param>
    public void Measure(long given, long left, long now)
    {
        LineIsFaster |= 4 * (now - given) < left - given;
        long microseconds = now - (now >= left ? left : given);
        microseconds = Math.Clamp(microseconds, 1, _most);
        if (_smoothed == 0)
        {
            (_smoothed, _variation) = (microseconds, microseconds / 2);
        }
        else
        {
            _variation += (Math.Abs(microseconds - _smoothed) - _variation) / 4;
            _smoothed += (microseconds - _smoothed) / 8;
        }

        _timeout = Math.Min(_most, _smoothed + Math.Max(4 * _variation, _slack));
    }

    /// <summary>A timeout passed: waits twice as long until the next measurement.</summary>
    public void BackOff() => _timeout = Math.Min(_most, 2 * _timeout);

    /// <summary>How long to wait for a message that was sent <paramref name="tries"/> times.</summary>
    public long TimeoutOf(int tries) => Math.Min(_most, _timeout * Math.Clamp(tries, 1, 4));
}
