using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Hands progress of the precision room on to the campaign's observer.</summary>
internal static class PrecisionReports
{
    private const int Units = 1000;

    /// <summary>Progress of one step.</summary>
    public static IProgress<PrecisionProgress> To(ICampaignObserver observer, CampaignPhase phase) =>
        new DirectProgress<PrecisionProgress>(report =>
            observer.OnProgress(phase, (long)(report.Fraction * Units), Units, report.Message));
}
