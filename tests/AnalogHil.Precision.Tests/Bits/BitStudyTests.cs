using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Bits;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Bits;

/// <summary>Bits and K of the repository's LeNet on a device whose conversions cost.</summary>
public sealed class BitStudyTests(ITestOutputHelper output)
{
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });

    private static readonly NetworkOnDevice Device = Scenes.OnDevice(
        Network,
        FakeDevice.Caps(rows: 512, columns: 256) with { AdcBits = 8, DacBits = 8, EnergyPerAdcConversion = 2e-12, EnergyPerDacConversion = 1e-12 },
        0, 6);

    [Fact]
    public void Run_AtTheLossInUse_SpendsLessAndPredictsNoMoreLoss()
    {
        BitTask task = Task(4);
        BitStudyResult result = BitStudy.Run(task, default);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{1e9 * result.InUse.Joules:G4} nJ in use, {1e9 * result.Chosen.Joules:G4} chosen, "
                + $"drops {result.InUseDrop.Drop:P2} and {result.ChosenDrop.Drop:P2}"));
        Assert.True(result.Chosen.Joules < result.InUse.Joules);
        Assert.True(result.Chosen.LowerBound <= result.Chosen.Joules);
        Assert.True(result.Chosen.Loss <= result.InUse.Loss * (1 + 1e-6));
        Assert.All(result.Chosen.Layers, layer => Assert.True(layer is { InputBits: >= 4 and <= 8, OutputBits: >= 4 and <= 8, Energy: >= 1 and <= 16 }));
        Assert.Equal(400, result.Change.Total);
        Assert.Equal(result.ChosenDrop.Drop - result.InUseDrop.Drop, result.Change.Drop, 1e-12);
    }

    [Fact]
    public void Run_WithAnEnergy_StaysWithinItAndLosesLessTheMoreItIsGiven()
    {
        double inUse = BitStudy.Run(Task(4), default).InUse.Joules;
        BitPlan little = BitStudy.Run(Task(4) with { Joules = inUse / 2 }, default).Chosen;
        BitPlan much = BitStudy.Run(Task(4) with { Joules = 2 * inUse }, default).Chosen;
        Assert.True(little.Joules <= inUse / 2 * (1 + 1e-9));
        Assert.True(much.Joules <= 2 * inUse * (1 + 1e-9));
        Assert.True(much.Loss < little.Loss);
    }

    [Fact]
    public void Run_WithTooLittleEnergy_SaysWhatIsNeeded() => Assert.Equal(
        PrecisionFault.Budget,
        Assert.Throws<PrecisionException>(() => BitStudy.Run(Task(4) with { Joules = 1e-15 }, default)).Fault);

    [Fact]
    public void Run_FewerBitsOfReadOuts_AddTheirRoundingToTheNoise()
    {
        // Only read-outs cost and next to nothing else is noisy: what the choice loses is the rounding of few bits, which a trial could leave out.
        NetworkOnDevice dear = Scenes.OnDevice(
            Network, Device.Capabilities with { EnergyPerAdcConversion = 1e-9, EnergyPerDacConversion = 0, AdcFullScale = 64 }, 0, 6);
        BitTask task = Task(1) with { Device = dear, Noise = new NoiseModel(dear.Scales, Scenes.Profile(1e-6)), FewestBits = 2, LargestRepeats = 1 };
        double inUse = BitStudy.Run(task, default).InUse.Joules;
        BitStudyResult result = BitStudy.Run(task with { Joules = inUse / 40 }, default);
        output.WriteLine(FormattableString.Invariant(
            $"read-outs of {string.Join(", ", result.Chosen.Layers.Select(layer => layer.OutputBits))} bits: drop {result.ChosenDrop.Drop:P1}"));
        Assert.All(result.Chosen.Layers, layer => Assert.Equal((8, 8, 1.0), (layer.InputBits, layer.WeightBits, layer.Energy)));
        Assert.True(result.InUseDrop.Drop < 0.05);
        Assert.True(result.ChosenDrop.Drop > 0.3);
    }

    [Fact]
    public void Run_APlanOfChannels_SaysThatItTakesLayers()
    {
        LayerPlan[] channels = [.. Network.AnalogNodes.Select(node => Layer(node, [.. Enumerable.Repeat(2, node.Channels)]))];
        Assert.Contains(
            "one energy for each layer",
            Assert.Throws<PrecisionException>(() => BitStudy.Run(Task(2) with { Plan = new PrecisionPlan([.. channels]) }, default)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_APlanOfAnotherNetwork_IsRefused()
    {
        LayerPlan[] layers = [.. Network.AnalogNodes.Skip(1).Select(node => Layer(node, [2]))];
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => BitStudy.Run(Task(2) with { Plan = new PrecisionPlan([.. layers]) }, default));
        Assert.Contains("give the plan of this network", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedundancyMode.AccumulateThenRead)]
    [InlineData(RedundancyMode.SpatialCopies)]
    public void Run_RepeatsThatAreNotConvertedOneByOne_AreRefused(RedundancyMode mode)
    {
        LayerPlan[] layers = [.. Network.AnalogNodes.Select(node => Layer(node, [2]) with { Mode = mode })];
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => BitStudy.Run(Task(2) with { Plan = new PrecisionPlan([.. layers]) }, default));
        Assert.Equal(PrecisionFault.PlanDoesNotFit, refused.Fault);
        Assert.Contains(mode.ToString(), refused.Message, StringComparison.Ordinal);
    }

    private static BitTask Task(int repeats) => new(
        Network, Device, new NoiseModel(Device.Scales, Scenes.Profile(0.02)),
        new PrecisionPlan([.. Network.AnalogNodes.Select(node => Layer(node, [repeats]))]), 16, Embedded.Calibration,
        new LabelledImages(Embedded.Test.Name, Embedded.Test.Shape, Embedded.Test.Slice(0, 400).ToArray(), Embedded.Test.Labels[..400]))
    {
        SensitivityImages = 128,
    };

    private static LayerPlan Layer(AnalogNode node, int[] repeats) => new(
        node.Name, node.DotLength, node.Macs, [.. repeats], RedundancyMode.ReadAndAverage);
}
