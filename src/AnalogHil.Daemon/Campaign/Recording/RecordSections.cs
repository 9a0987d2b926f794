using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Records;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The record of a campaign as far as it has come.</summary>
internal static class RecordSections
{
    /// <summary>One-sided error of the verdict.</summary>
    private const double OneSidedAlpha = 0.05;

    /// <summary>A partial record of all that is known.</summary>
    public static CampaignRecord Of(CampaignState state, CampaignPhase phase, ProvenanceRecord provenance) => new()
    {
        Status = RecordStatus.Partial,
        Phase = PhaseNames.Of(phase),
        Warnings = [.. state.Warnings],
        Assumptions = [.. Assumptions(state)],
        Target = new TargetRecord(state.Request.MaxDropPoints, "percentage points", OneSidedAlpha, LearningTargets.Acceptance),
        Bench = BenchOf(state),
        Model = ModelOf(state.Inputs.Network),
        Data = DataOf(state),
        Calibration = state.Calibration is { } calibration ? CalibrationSection.Of(calibration) : null,
        Plan = PlanSection.Of(state),
        Energy = EnergySection.Of(state),
        Search = state.Learned is { } learned ? SearchSection.Of(state, learned) : [],
        Validation = state.Validation is { } validation ? AccuracySection.Of(validation) : null,
        Twin = state.Twin is { } twin
            ? [.. twin.Layers.Select(layer => new TwinRecord(
                layer.Layer, layer.VarianceRatio, layer.Interval.Low, layer.Interval.High, layer.Elements, layer.Agrees(twin.Allowed))
            {
                BiasOverNoise = layer.BiasOverNoise,
            })]
            : [],
        TwinLimits = state.Twin is { } check ? new TwinLimitsRecord(check.Allowed.Low, check.Allowed.High) : null,
        Provenance = provenance,
    };

    private static BenchRecord? BenchOf(CampaignState state)
    {
        if (state is not { Identity: { } identity, Device: { } device })
        {
            return null;
        }

        DeviceCapabilities can = device.Capabilities;
        return new BenchRecord(
            state.Inputs.Bench.Name,
            ArchitectureNames.Of(identity.Architecture),
            state.Inputs.Bench.IsSimulated,
            identity.Uid,
            identity.Firmware,
            can.Rows,
            can.Columns,
            can.Tiles,
            can.DacBits,
            can.AdcBits);
    }

    private static ModelRecord ModelOf(INetwork network) =>
        new(network.Name, network.Classes, network.AnalogNodes.Count, network.AnalogNodes.Sum(node => node.Macs));

    private static DataRecord DataOf(CampaignState state)
    {
        (int search, int certification) = CampaignSplits.SizesOf(state);
        return new DataRecord(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(state.Request.DataDirectory)), state.Inputs.Calibration.Count, search, certification);
    }

    private static IEnumerable<string> Assumptions(CampaignState state)
    {
        if (state.Inputs.Bench.IsSimulated)
        {
            yield return "The device is simulated: its figures say how the method works, not how any hardware does.";
        }

        yield return "Clean is the float32 network on the same images; images of calibration, search and certification are disjoint.";
        yield return "Sigma is the standard deviation of one read relative to device full scale; intervals hold for the state of the device during calibration.";
        yield return "Energy counts reads per multiply-accumulate, one read of everything is 1; converters, weight writing and digital operations are not in it. Joules per image are the device's declared figures, not a measurement.";
        yield return "The verdict holds for the device as it was programmed here: one programming, one state of drift, fresh read noise for every image.";
    }
}
