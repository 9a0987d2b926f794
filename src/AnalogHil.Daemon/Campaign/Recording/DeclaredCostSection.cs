using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>What the plan costs by what the device declares.</summary>
internal static class DeclaredCostSection
{
    /// <summary>Energy by parts and time; null before plan and layout are known.</summary>
    public static DeclaredCostRecord? Of(CampaignState state)
    {
        if (state is not { Learned: { } learned, Network: { } network })
        {
            return null;
        }

        ImageEnergy plan = DeclaredEnergy.OfImage(network, learned.Plan);
        ImageEnergy uniform = DeclaredEnergy.OfImage(network, learned.Uniform.Plan);
        DeviceCapabilities can = network.Capabilities;
        ImmutableArray<ProfileValue> told = state.Inputs.Bench.Values;
        double[] seconds = [.. Enumerable.Range(0, network.Nodes.Length).Select(i => SecondsOf(network, learned.Plan, i))];
        int slowest = Array.IndexOf(seconds, seconds.Max());
        return new DeclaredCostRecord(
            [
                new DeclaredPartRecord("multiply-accumulates", plan.Macs, can.EnergyPerMac, uniform.Macs, SourceOf("macFemtojoules")),
                new DeclaredPartRecord("output conversions", plan.OutputConversions, can.EnergyPerAdcConversion, uniform.OutputConversions, SourceOf("adcPicojoules")),
                new DeclaredPartRecord("input conversions", plan.InputConversions, can.EnergyPerDacConversion, uniform.InputConversions, SourceOf("dacPicojoules")),
            ],
            can.ReadTimeNanoseconds,
            seconds.Sum(),
            Enumerable.Range(0, network.Nodes.Length).Sum(i => SecondsOf(network, learned.Uniform.Plan, i)),
            network.Nodes[slowest].Name,
            seconds[slowest])
        {
            Area = Recorded(StaticCost.AreaOf(can, told)),
            StaticPower = Recorded(StaticCost.PowerOf(can, told)),
        };

        string? SourceOf(string quantity) =>
            told.FirstOrDefault(value => value.Name == quantity) is { } value ? $"{value.Class}: {value.Source}" : null;
    }

    private static StaticCostRecord? Recorded(StaticCost? cost) => cost is null ? null : new StaticCostRecord(cost.Value, cost.Class, cost.Source);

    /// <summary>Time of the reads of one layer for one image, seconds: its tiles and columns read at once, copies in space too, repeats one after the other.</summary>
    public static double SecondsOf(NetworkOnDevice network, PrecisionPlan plan, int layer)
    {
        LayerPlan repeats = plan.Layers[layer];
        int reads = repeats.Mode == RedundancyMode.SpatialCopies ? 1 : repeats.Repeats.Max();
        return (double)network.Nodes[layer].Positions * network.Scales[layer].Passes * reads * network.Capabilities.ReadTimeNanoseconds * 1e-9;
    }
}
