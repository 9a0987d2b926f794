using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Tests.Campaign;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
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

    [Theory]
    [InlineData(0, 900)]
    [InlineData(1000, 600)]
    public void Decide_CampaignOfSomeImages_CertifiesOnThoseThatItsPlanWasNotChosenOnAtHalfTheLevel(int maxImages, int certified)
    {
        // Noise that changes no class.
        Reallocation found = Decide(1e-6, 8, maxImages);
        output.WriteLine(found.Reason);
        Assert.Equal(certified, found.Certificate.Examples);
        Assert.Equal((1, 0.025), (found.Looks, found.Certificate.Alpha));

        // Nothing lost: the score limit of 97.5 % is z^2 / (n + z^2).
        Assert.Equal(0, found.Certificate.Decision.Drop);
        Assert.Equal(3.8415 / (certified + 3.8415), found.Certificate.Decision.Limits.High, 1e-4);
        Assert.Contains("look 1 of at most 2 at these examples, each at a one-sided 2.5 %, both at 5 %", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_TheOldPlanIsNotAccepted_CertifiesTheOtherOnTheCampaignsCertificationExamplesAtHalfTheLevel()
    {
        Reallocation found = Decide(0.004, 64);
        for (double sigma = 0.006; found.Outcome == ReallocationOutcome.Holds && sigma < 0.2; sigma *= 1.25)
        {
            found = Decide(sigma, 64, largest: 128);
            output.WriteLine($"{sigma:F4}: {found.Outcome} {found.Reason}");
        }

        Assert.NotEqual(ReallocationOutcome.Holds, found.Outcome);
        Assert.Equal(2, found.Looks);
        Assert.Equal((900L, 0.025), (found.Certificate.Examples, found.Certificate.Alpha));
        Assert.Contains("look 2 of at most 2", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_PlanWithDigitalCorrections_CertifiesTheNetworkThatRunsWithThem()
    {
        // Without noise all that is lost is what the correction changes: none that changes nothing, nine of ten classes where one is lifted above the others.
        float[] offset = new float[10];
        offset[3] = 1e6f;
        Reallocation same = Decide(1e-6, 8, correction: NodeCorrection.None(10));
        Reallocation lifted = Decide(1e-6, 8, correction: NodeCorrection.None(10) with { Offset = offset });
        output.WriteLine(same.Reason);
        output.WriteLine(lifted.Reason);
        Assert.Equal((ReallocationOutcome.Holds, 0.0), (same.Outcome, same.Certificate.Decision.Drop));
        Assert.Contains("with its digital gains and offsets", same.Reason, StringComparison.Ordinal);

        // The other plan goes without a correction, and loses nothing either.
        Assert.Equal(ReallocationOutcome.Reallocated, lifted.Outcome);
        Assert.Contains("all without digital gains and offsets", lifted.Reason, StringComparison.Ordinal);
        Assert.NotEqual([8], lifted.Plan.Layers[0].Repeats.AsEnumerable());
    }

    private static Reallocation Decide(double sigma, int repeats, int maxImages = 0, int largest = 64, NodeCorrection? correction = null)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory["net.onnx"], SmallClassifier.Write(3, 4, 4));
        OnnxNetwork network = OnnxNetwork.Load(directory["net.onnx"]);
        LabelledImages images = Images(network);
        ReferenceNoiseModel noise = ReferenceNoiseModel.Create(network, new ReferenceNoiseOptions(ReferenceLawKind.Thermal, sigma), images.Pixels, 64);
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var task = new ReallocationTask(network, noise, layout, layout.Uniform(repeats), largest, images, images)
        {
            Target = 0.02, MaxImages = maxImages, SplitSeed = 17, Seed = 3, Deployed = correction is null ? null : network.Corrected([correction]),
        };
        return DriftReallocation.Decide(task, CancellationToken.None);
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
