using System.Globalization;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Results;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Measures gain, offset, noise and averaging law of the tiles that the network sits on.</summary>
internal sealed class CalibrateStep(TimeProvider time) : ICampaignStep
{
    private const int Units = 1000;
    private const double AveragingShare = 0.25;

    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Calibrate;

    /// <inheritdoc/>
    public bool TryRestore(CampaignState state, ICampaignObserver observer)
    {
        if (state.Checkpoints.Load<KeptCalibration>(Phase) is not { } kept)
        {
            return false;
        }

        kept.RequireSameDevice(state.Identity!);
        state.Calibration = kept.Result;
        state.Certificate = kept.Certificate;
        Tell(kept.Result, observer);
        if (kept.BootId != state.Identity!.BootId)
        {
            observer.OnNote(
                warning: true,
                $"calibration: taken from an earlier run; since then device {kept.DeviceUid} was powered up anew (boot id was {kept.BootId}, is {state.Identity.BootId}) and may have changed; the twin check is made again on it as it is now, a new campaign would calibrate again");
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        var options = new CalibrationOptions
        {
            RelativeHalfWidth = state.Request.SigmaHalfWidthPercent / 100,
            Seed = CampaignSeeds.Of(state.Request.Seed, Phase),
            Tiles = [.. state.Map!.TilesUsed],
            Mode = state.Mode,
        };
        var progress = new DirectProgress<CalibrationProgress>(report =>
        {
            if (!report.Terms.IsDefaultOrEmpty)
            {
                observer.OnSigmas(report.Terms, report.Reads);
            }

            observer.OnProgress(Phase, (long)(report.Fraction * (1 - AveragingShare) * Units), Units, string.Create(
                CultureInfo.InvariantCulture, $"{report.Phase}, {report.Reads:N0} reads"));
        });
        CalibrationResult result = await new Calibrator(state.Device!, options, state.Archive).RunAsync(progress, cancellationToken).ConfigureAwait(false);
        if (result.Profile.Terms.Any(term => term.Present))
        {
            DeviceAveraging averaging = await AveragingMeasurement.RunAsync(
                state.Device!, options.Tiles!.Value, result.Correction, state.Device!.Capabilities.MaxRepeats[state.Mode],
                share => observer.OnProgress(Phase, (long)((1 - AveragingShare + AveragingShare * share) * Units), Units, "averaging certificate"), time, cancellationToken).ConfigureAwait(false);
            result = result with { Profile = CertifiedPlan.Apply(result.Profile, averaging.Laws) };
            state.Certificate = averaging.Certified;
            foreach (string doubt in averaging.Doubts.Concat(averaging.Driven.Warnings).Distinct())
            {
                observer.OnNote(warning: true, $"averaging: {doubt}");
            }
        }

        state.Calibration = result;
        state.Checkpoints.Save(Phase, new KeptCalibration(
            state.Identity!.Uid, state.Identity.BootId, result, state.Certificate, state.Device!.Capabilities, options.Tiles));
        Tell(result, observer);
    }

    private static void Tell(CalibrationResult result, ICampaignObserver observer)
    {
        observer.OnSigmas(result.Profile.Terms, result.Reads);
        foreach (string warning in result.Warnings)
        {
            observer.OnNote(warning: true, $"calibration: {warning}");
        }
    }
}
