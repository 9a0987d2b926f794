using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Daemon.Records.Provenance;
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
        Assumptions = [.. AssumptionsSection.Of(state)],
        Target = new TargetRecord(state.Request.MaxDropPoints, "percentage points", OneSidedAlpha, LearningTargets.Acceptance),
        Bench = BenchOf(state),
        Model = ModelOf(state.Inputs.Network),
        Data = DataOf(state),
        Calibration = state.Calibration is { } calibration ? CalibrationSection.Of(calibration) : null,
        Plan = PlanSection.Of(state),
        Energy = EnergySection.Of(state),
        DeclaredCost = DeclaredCostSection.Of(state),
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
            can.AdcBits)
        {
            FinalState = state.EndFault is { } fault ? $"safe, fault {fault} latched" : state.EndState is { } end ? NameOf(end) : null,
        };
    }

    private static string NameOf(DeviceState end) => end switch
    {
        DeviceState.Safe => "safe",
        DeviceState.Armed => "armed",
        DeviceState.Faulted => "faulted",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "this state has no name yet"),
    };

    private static ModelRecord ModelOf(INetwork network) =>
        new(network.Name, network.Classes, network.AnalogNodes.Count, network.AnalogNodes.Sum(node => node.Macs))
        {
            ActivationProducts = ActivationProducts.Of(network),
        };

    private static DataRecord DataOf(CampaignState state)
    {
        (int search, int certification) = CampaignSplits.SizesOf(state);
        return new DataRecord(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(state.Request.DataDirectory)), state.Inputs.Calibration.Count, search, certification);
    }
}
