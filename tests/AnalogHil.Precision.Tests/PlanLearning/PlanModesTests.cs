using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.PlanLearning;

/// <summary>Plans whose layers each have a redundancy mode of their own.</summary>
public sealed class PlanModesTests(ITestOutputHelper output)
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 0.3f, 1f, 3f);
    private static readonly LabelledImages Images = Pictures.For(Network, 1000, 3);

    private static readonly DeviceCapabilities Device = FakeDevice.Caps(rows: 16, columns: 8) with
    {
        EnergyPerMac = 1e-15,
        EnergyPerAdcConversion = 1e-12,
        EnergyPerDacConversion = 1e-13,
        MaxRepeats = ImmutableDictionary.CreateRange<RedundancyMode, int>(
        [
            new(RedundancyMode.AccumulateThenRead, 512), new(RedundancyMode.ReadAndAverage, 512), new(RedundancyMode.SpatialCopies, 8),
        ]),
    };

    [Fact]
    public void Learn_WithModes_KeepsTheLossForLessDeclaredEnergyAndWritesItDown()
    {
        PlanFile usual = FileOf(Task());
        PlanFile chosen = FileOf(Task() with { Modes = new ModeLimits() });
        output.WriteLine(string.Join("\n", chosen.Advice));
        output.WriteLine($"{Joules(usual):G4} J averaging, {Joules(chosen):G4} J with modes; {chosen.Certificate!.Reason}");

        // Accumulated reads are converted once, averaged ones K times, and conversions cost most here.
        Assert.All(usual.Layers, layer => Assert.Equal("read-and-average", layer.Mode));
        Assert.Contains(chosen.Layers, layer => layer.Mode == "accumulate-then-read");
        Assert.True(Joules(chosen) < 0.8 * Joules(usual));

        // What is told of the moded plan was measured of it, not of the one it came from.
        Assert.Equal(usual.Points.Length + 1, chosen.Points.Length);
        Assert.Contains(chosen.Points, point => point.Family == "integer" && point.Drop == chosen.Prediction.Drop && !usual.Points.Contains(point));
        Assert.Contains("in the modes chosen", chosen.Prediction.Reason, StringComparison.Ordinal);
        Assert.InRange(chosen.Prediction.Drop - usual.Prediction.Drop, -0.03, 0.03);
        Assert.NotEqual("REJECT", chosen.Certificate!.Verdict);
        Assert.Contains(chosen.Advice, sentence => sentence.Contains("modes per layer", StringComparison.Ordinal));
        Assert.Equal(chosen.Layers.Select(layer => layer.Declared), PlanFileJson.Deserialize(PlanFileJson.Serialize(chosen), "it").Layers.Select(layer => layer.Declared));
    }

    [Fact]
    public void Learn_WithLittleTime_CopiesInSpace()
    {
        PlanFile usual = FileOf(Task());
        // Reads are whole: the quickest plan of the same loss takes 1.9 us of 2.7.
        double most = 0.75 * usual.Layers.Sum(layer => layer.Declared!.Seconds);
        PlanFile quick = FileOf(Task() with { Modes = new ModeLimits(Seconds: most) });
        output.WriteLine(quick.Advice[^1]);
        Assert.Contains(quick.Layers, layer => layer.Mode == "spatial-copies" && layer.Repeats!.Value[0] > 1);
        Assert.True(quick.Layers.Sum(layer => layer.Declared!.Seconds) <= most * (1 + 1e-9));
        Assert.True(quick.Layers.Sum(layer => layer.Declared!.Cells) > usual.Layers.Sum(layer => layer.Declared!.Cells));
    }

    [Fact]
    public void Learn_WithALargestK_HoldsInEveryMode()
    {
        Assert.Contains(FileOf(Task() with { Modes = new ModeLimits() }).Layers, layer => layer.Repeats!.Value[0] > 8);
        PlanFile limited = FileOf(Task() with { LargestEnergy = 8, Modes = new ModeLimits() });
        Assert.Equal(8, limited.Method.LargestEnergy);
        Assert.All(limited.Layers, layer => Assert.InRange(layer.Repeats!.Value[0], 1, 8));
    }

    [Fact]
    public void Learn_WithLimitsThatNothingMeets_SaysWhichAndWhatWouldHelp()
    {
        var error = Assert.Throws<PrecisionException>(() => PlanLearner.Learn(Task() with { Modes = new ModeLimits(Seconds: 1e-12) }, null, default));
        Assert.Equal(PrecisionFault.Budget, error.Fault);
        Assert.Contains("allow more time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_ModesWithoutADevice_AreRefusedBeforeAnyImage()
    {
        var error = Assert.Throws<PrecisionException>(() => PlanLearner.Learn(Task() with { Device = null, Modes = new ModeLimits() }, null, default));
        Assert.Contains("only a device offers modes", error.Message, StringComparison.Ordinal);
        var continuous = Assert.Throws<PrecisionException>(() => PlanLearner.Learn(Task() with { Method = MethodChoice.Of("ours", 4, false), Modes = new ModeLimits() }, null, default));
        Assert.Contains("use one of the integer methods", continuous.Message, StringComparison.Ordinal);
    }

    private static PlanTask Task()
    {
        NetworkOnDevice laid = Scenes.OnDevice(Network, Device);
        var noise = new NoiseModel(laid.Scales, Scenes.Profile(0.01));
        return new PlanTask(Network, noise, new PlanLayout(laid, Granularity.Layer, RedundancyMode.ReadAndAverage), MethodChoice.Of("integer", 4, false), Images, Images)
        {
            LargestEnergy = 512, Target = 0.05, Seed = 3, Device = laid,
        };
    }

    private static PlanFile FileOf(PlanTask task) => PlanFileBuilder.Of(
        PlanLearner.Learn(task, null, CancellationToken.None),
        new PlanSource(new string('a', 64), null, null, new PlanNoise(PlanNoise.OfDevice, null, [], "record", new string('b', 64), "fake", "reads per MAC"), new PlanCode("test", "1", "")));

    private static double Joules(PlanFile plan) => plan.Layers.Sum(layer => layer.Declared!.Joules);
}
