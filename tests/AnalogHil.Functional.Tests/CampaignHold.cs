using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Functional.Tests;

/// <summary>
/// Holds the next campaign that comes to a step there until it is stopped or let go, so that a test which stops one does so in that step however
/// fast the machine is.
/// </summary>
internal sealed class CampaignHold : IDisposable
{
    /// <summary>A campaign that nobody stops goes on after this, so that its test fails by what it finds and not by hanging.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly ManualResetEvent _released = new(false);
    private CampaignPhase? _phase;

    /// <summary>Holds one campaign at a step.</summary>
    public void At(CampaignPhase phase)
    {
        lock (_gate)
        {
            _phase = phase;
            _released.Reset();
        }
    }

    /// <summary>Lets the campaign that is held go on.</summary>
    public void Release() => _released.Set();

    public void Dispose() => _released.Dispose();

    /// <summary>The campaigns of a daemon, with this hold on them.</summary>
    public ICampaignFactory Around(ICampaignFactory inner) => new Factory(this, inner);

    private bool Takes(CampaignPhase phase)
    {
        lock (_gate)
        {
            bool takes = _phase == phase;
            _phase = takes ? null : _phase;
            return takes;
        }
    }

    private sealed class Factory(CampaignHold hold, ICampaignFactory inner) : ICampaignFactory
    {
        public PreparedCampaign Prepare(CampaignRequest request, ICampaignObserver observer)
        {
            var held = new Observer(hold, observer);
            PreparedCampaign prepared = inner.Prepare(request, held);
            return new PreparedCampaign(stop =>
            {
                held.Stop = stop;
                return prepared.RunAsync(stop);
            });
        }
    }

    private sealed class Observer(CampaignHold hold, ICampaignObserver inner) : ICampaignObserver
    {
        public CancellationToken Stop { get; set; }

        public void OnProgress(CampaignPhase phase, long done, long total, string message)
        {
            inner.OnProgress(phase, done, total, message);
            if (hold.Takes(phase))
            {
                WaitHandle.WaitAny([Stop.WaitHandle, hold._released], Limit);
            }
        }

        public void OnSigmas(IReadOnlyList<NoiseTermEstimate> terms, long reads) => inner.OnSigmas(terms, reads);

        public void OnPlan(PrecisionPlan plan, bool chosen) => inner.OnPlan(plan, chosen);

        public void OnNote(bool warning, string message) => inner.OnNote(warning, message);
    }
}
