using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Operations;

/// <summary>Puts what a campaign reports into its operation's history, at most a few times a second.</summary>
internal sealed class OperationEvents(EventHistory history, TimeProvider time, Action? phaseChanged = null) : ICampaignObserver
{
    /// <summary>Shortest time between two progress events of one phase; a person's eye follows no faster.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly RemainingTime _remaining = new(time);
    private CampaignPhase _phase;
    private long _lastProgress;

    /// <summary>The step that the campaign is in.</summary>
    public CampaignPhase Phase => _phase == CampaignPhase.Unspecified ? CampaignPhase.Queued : _phase;

    /// <summary>Newest progress; null before the first.</summary>
    public Progress? Latest { get; private set; }

    /// <summary>The campaign waits for its turn.</summary>
    public void OnQueued()
    {
        Latest = new Progress { Phase = CampaignPhase.Queued, Message = "inputs are good; waits for its turn" };
        history.Add(new CampaignEvent { Progress = Latest });
    }

    /// <inheritdoc/>
    public void OnProgress(CampaignPhase phase, long done, long total, string message)
    {
        (TimeSpan? inPhase, TimeSpan? inCampaign) = _remaining.Update(phase, done, total);
        bool ends = phase != _phase || (total > 0 && done >= total);
        if (!ends && time.GetElapsedTime(_lastProgress) < Interval)
        {
            return;
        }

        bool isNewPhase = phase != _phase;
        _phase = phase;
        _lastProgress = time.GetTimestamp();
        var progress = new Progress { Phase = phase, Done = done, Total = total, Message = message };
        if (inPhase is { } phaseRemaining)
        {
            progress.PhaseRemaining = Duration.FromTimeSpan(phaseRemaining);
        }

        if (inCampaign is { } campaignRemaining)
        {
            progress.CampaignRemaining = Duration.FromTimeSpan(campaignRemaining);
        }

        Latest = progress;
        history.Add(new CampaignEvent { Progress = progress });
        if (isNewPhase)
        {
            phaseChanged?.Invoke();
        }
    }

    /// <inheritdoc/>
    public void OnSigmas(IReadOnlyList<NoiseTermEstimate> terms, long reads)
    {
        var sigmas = new SigmaEstimates { Reads = reads };
        foreach (NoiseTermEstimate term in terms)
        {
            sigmas.Sigmas.Add(new Sigma { Name = NoiseTermNames.Of(term.Term), Present = term.Present, Estimate = term.Sigma.ToMessage() });
        }

        history.Add(new CampaignEvent { Sigmas = sigmas });
    }

    /// <inheritdoc/>
    public void OnPlan(PrecisionPlan plan, bool chosen)
    {
        var repeats = new LayerRepeats { Chosen = chosen };
        repeats.Layers.AddRange(plan.ToMessages());
        history.Add(new CampaignEvent { Repeats = repeats });
    }

    /// <inheritdoc/>
    public void OnNote(bool warning, string message) =>
        history.Add(new CampaignEvent { Note = new Note { Warning = warning, Message = message } });
}
