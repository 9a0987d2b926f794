using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Remembers notes, nothing else.</summary>
internal sealed class SilentObserver : ICampaignObserver
{
    private readonly TaskCompletionSource _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Notes { get; } = [];

    /// <summary>Ends with the first note.</summary>
    public Task Noted => _noted.Task;

    public void OnProgress(CampaignPhase phase, long done, long total, string message)
    {
    }

    public void OnSigmas(IReadOnlyList<NoiseTermEstimate> terms, long reads)
    {
    }

    public void OnPlan(PrecisionPlan plan, bool chosen)
    {
    }

    public void OnNote(bool warning, string message)
    {
        Notes.Add(message);
        _noted.TrySetResult();
    }
}
