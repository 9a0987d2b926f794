using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Tests.Campaign;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>One layer whose classes are those of the clean network: what noise costs is all its loss, and K is all that can be allocated.</summary>
public sealed class DriftReallocationTests(ITestOutputHelper output)
{
    private const int Examples = 1500;

    [Fact]
    public void Decide_NoiseAsItWas_ThePlanHolds()
    {
        Reallocation found = Decide(0.001, 8);
        output.WriteLine(found.Reason);
        Assert.Equal(ReallocationOutcome.Holds, found.Outcome);
        Assert.Equal([8], found.Plan.Layers[0].Repeats.AsEnumerable());
    }

    [Fact]
    public void Decide_NoiseBeyondTheOldEnergy_IsDegradedWithTheEnergyThatIsMissing()
    {
        Reallocation found = Decide(0.03, 1);
        output.WriteLine(found.Reason);
        Assert.Equal(ReallocationOutcome.Degraded, found.Outcome);
        Assert.Equal([1], found.Plan.Layers[0].Repeats.AsEnumerable());
        Assert.Contains("degraded", found.Reason, StringComparison.Ordinal);
        Assert.NotEqual(Core.Statistics.Verdict.Accept, found.Certificate.Verdict);
    }

    private static Reallocation Decide(double sigma, int repeats)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory["net.onnx"], SmallClassifier.Write(3, 4, 4));
        OnnxNetwork network = OnnxNetwork.Load(directory["net.onnx"]);
        LabelledImages images = Images(network);
        ReferenceNoiseModel noise = ReferenceNoiseModel.Create(network, new ReferenceNoiseOptions(ReferenceLaw.Thermal, sigma), images.Pixels, 64);
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        return DriftReallocation.Decide(network, noise, layout, layout.Uniform(repeats), 64, images, images, 0.02, 3, TimeProvider.System, default);
    }

    private static LabelledImages Images(OnnxNetwork network)
    {
        var random = new Random(5);
        ImageShape shape = network.InputShape;
        float[] pixels = [.. Enumerable.Range(0, Examples * shape.Size).Select(i => (float)(random.NextDouble() + (i / (shape.Size / 3)
            + i / shape.Size) % 3))];
        float[] logits = new float[Examples * network.Classes];
        network.Forward(pixels, Examples, logits);
        int[] labels = [.. Enumerable.Range(0, Examples).Select(i => logits.AsSpan(i * network.Classes,
            network.Classes).ToArray() is var row ? Array.IndexOf(row, row.Max()) : 0)];
        return new LabelledImages("made up", shape, pixels, labels);
    }
}
