using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Progress;

/// <summary>Passes everything on and keeps the warnings for the record.</summary>
internal sealed class WarningKeeper(ICampaignObserver inner, List<string> warnings) : ICampaignObserver
{
    /// <inheritdoc/>
    public void OnProgress(CampaignPhase phase, long done, long total, string message) => inner.OnProgress(phase, done, total, message);

    /// <inheritdoc/>
    public void OnSigmas(IReadOnlyList<NoiseTermEstimate> terms, long reads) => inner.OnSigmas(terms, reads);

    /// <inheritdoc/>
    public void OnPlan(PrecisionPlan plan, bool chosen) => inner.OnPlan(plan, chosen);

    /// <inheritdoc/>
    public void OnNote(bool warning, string message)
    {
        if (warning)
        {
            warnings.Add(message);
        }

        inner.OnNote(warning, message);
    }
}
