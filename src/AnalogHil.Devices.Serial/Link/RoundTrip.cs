namespace AnalogHil.Devices.Serial.Link;

/// <summary>How long an acknowledgement takes (Jacobson 1988, RFC 6298), in microseconds.</summary>
internal sealed class RoundTrip
{
    /// <summary>Timeout before the first measurement, and between two HELLOs.</summary>
    public const long First = 100_000;

    private const long Most = 400_000;

    // Two full frames at 921,600 baud: an acknowledgement may have to wait behind a frame, and so may what it answers.
    private const long Slack = 15_000;

    private long _smoothed;
    private long _variation;
    private long _timeout = First;

    /// <summary>Mean round trip; 0 before the first measurement.</summary>
    public long Smoothed => _smoothed;

    /// <summary>Forgets everything.</summary>
    public void Reset() => (_smoothed, _variation, _timeout) = (0, 0, First);

    /// <summary>Takes a measurement; of messages sent once only (Karn).</summary>
    public void Measure(long microseconds)
    {
        microseconds = Math.Clamp(microseconds, 1, Most);
        if (_smoothed == 0)
        {
            (_smoothed, _variation) = (microseconds, microseconds / 2);
        }
        else
        {
            _variation += (Math.Abs(microseconds - _smoothed) - _variation) / 4;
            _smoothed += (microseconds - _smoothed) / 8;
        }

        _timeout = Math.Min(Most, _smoothed + Math.Max(4 * _variation, Slack));
    }

    /// <summary>A timeout passed: waits twice as long until the next measurement.</summary>
    public void BackOff() => _timeout = Math.Min(Most, 2 * _timeout);

    /// <summary>How long to wait for a message that was sent <paramref name="tries"/> times.</summary>
    public long TimeoutOf(int tries) => Math.Min(Most, _timeout * Math.Clamp(tries, 1, 4));
}
