using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Progress;

/// <summary>
/// Estimates how long a campaign still takes: the running step from its own rate, the later ones from the time that steps took so far and
/// their usual shares of a campaign.
/// </summary>
internal sealed class RemainingTime(TimeProvider time)
{
    /// <summary>Below this share of a campaign its pace says nothing about the rest.</summary>
    private const double LeastShare = 0.05;

    /// <summary>Share of a campaign that a phase usually takes; as measured with the embedded crossbar bench and the residual network.</summary>
    private static readonly Dictionary<CampaignPhase, double> UsualShare = new()
    {
        [CampaignPhase.Open] = 0.005,
        [CampaignPhase.Calibrate] = 0.01,
        [CampaignPhase.Learn] = 0.57,
        [CampaignPhase.Push] = 0.005,
        [CampaignPhase.Twin] = 0.04,
        [CampaignPhase.Validate] = 0.36,
        [CampaignPhase.Record] = 0.01,
    };

    private CampaignPhase _phase = CampaignPhase.Unspecified;
    private long _phaseStart;
    private long _firstDone;
    private TimeSpan _finishedTime;
    private double _finishedShare;

    /// <summary>Notes progress and returns both estimates; null where there is too little to go by.</summary>
    /// <param name="phase">The running step.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all; 0 when not known.</param>
    public (TimeSpan? Phase, TimeSpan? Campaign) Update(CampaignPhase phase, long done, long total)
    {
        if (phase != _phase)
        {
            if (_phase != CampaignPhase.Unspecified)
            {
                _finishedTime += time.GetElapsedTime(_phaseStart);
                _finishedShare += UsualShare.GetValueOrDefault(_phase);
            }

            _phase = phase;
            _phaseStart = time.GetTimestamp();
            _firstDone = done;
        }

        TimeSpan elapsed = time.GetElapsedTime(_phaseStart);
        if (total <= 0 || done <= _firstDone || elapsed <= TimeSpan.Zero)
        {
            return (null, null);
        }

        TimeSpan phaseRemaining = elapsed * ((total - done) / (double)(done - _firstDone));
        double share = _finishedShare + UsualShare.GetValueOrDefault(phase);
        double later = UsualShare.Where(entry => entry.Key > phase).Sum(entry => entry.Value);
        TimeSpan soFar = _finishedTime + elapsed + phaseRemaining;
        return (phaseRemaining, share > LeastShare ? phaseRemaining + soFar * (later / share) : null);
    }
}
