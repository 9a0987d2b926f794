using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Results;
using AnalogHil.Devices.Mapping;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Measures gain, offset, noise and averaging law of the tiles that the network sits on.</summary>
internal sealed class CalibrateStep : ICampaignStep
{
    private const int Units = 1000;

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
            Tiles = TilesOf(state.Map!),
            Mode = state.Mode,
        };
        var progress = new DirectProgress<CalibrationProgress>(report =>
        {
            if (!report.Terms.IsDefaultOrEmpty)
            {
                observer.OnSigmas(report.Terms, report.Reads);
            }

            observer.OnProgress(Phase, (long)(report.Fraction * Units), Units, string.Create(
                CultureInfo.InvariantCulture, $"{report.Phase}, {report.Reads:N0} reads"));
        });
        CalibrationResult result = await new Calibrator(state.Device!, options, state.Archive).RunAsync(progress, cancellationToken).ConfigureAwait(false);
        state.Calibration = result;
        state.Checkpoints.Save(Phase, new KeptCalibration(state.Identity!.Uid, state.Identity.BootId, result));
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

    private static ImmutableArray<int> TilesOf(TileMap map) =>
    [
        .. map.Layers.SelectMany(layer => layer.Blocks).SelectMany(block => block.Copies).Select(copy => copy.Tile).Distinct().Order(),
    ];
}
