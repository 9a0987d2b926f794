using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Equivalence;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Methods;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Equivalence;

public class LowBitEquivalenceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(4.0)]
    [InlineData(25.0)]
    [InlineData(9.5)]
    public void Round_OfEvenlySpreadValues_HasTheVarianceOfTheStep(double levels)
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => (float)(-2 + 5 * (i + 0.5) / 100_000))];
        float[] rounded = [.. values];
        QuantisedOutputs.Round(rounded, new OutputRange(-2, 3), levels);
        double variance = values.Zip(rounded, (a, b) => (double)(a - b) * (a - b)).Average();

        // The two ends hold half a step each; the error there is that of a whole one folded, so the mean is the step's own.
        Assert.Equal(NoiseBits.VarianceForLevels(5, levels), variance, 0.05 * variance);
        Assert.InRange(rounded.Distinct().Count(), Math.Floor(levels), Math.Ceiling(levels));
    }

    [Fact]
    public async Task RunAsync_WithManyBits_LosesNothingAndWithFewLosesAlike()
    {
        var equivalence = new LowBitEquivalence(Toy.Network, 100, 5);
        OutputRange[] ranges = equivalence.ObserveRanges(Toy.Images.Pixels, 400);
        LowBitPoint many = await equivalence.RunAsync(ranges, 14, Toy.Images, 2, default);
        LowBitPoint few = await equivalence.RunAsync(ranges, 4, Toy.Images, 2, default);
        output.WriteLine($"4 bits: quantised {few.Quantised.Value:0.000}, noisy {few.Noisy.Value:0.000}, difference {few.Difference.Value:0.000} ({few.Difference.Interval.Low:0.000} to {few.Difference.Interval.High:0.000})");
        Assert.True(many.Quantised.Value > 0.995 && many.Noisy.Value > 0.995);
        Assert.InRange(few.Quantised.Value, 0.5, 0.97);
        Assert.InRange(few.Difference.Value, -0.05, 0.05);
        Assert.Equal(4, few.Bits, 1e-12);
    }

    [Fact]
    public async Task RunAsync_WithBitsThatDoNotFit_SaysSo()
    {
        var equivalence = new LowBitEquivalence(Toy.Network, 100, 5);
        OutputRange[] ranges = equivalence.ObserveRanges(Toy.Images.Pixels, 10);
        await Assert.ThrowsAsync<PrecisionException>(() => equivalence.RunAsync(ranges, 0, Toy.Images, 1, default));
        await Assert.ThrowsAsync<PrecisionException>(() => equivalence.RunAsync(ranges[..2], 4, Toy.Images, 1, default));
    }

    [Fact]
    public async Task RunAsync_OfTwoDraws_TellsEveryImageThatIsJudgedAndStopsWhenAsked()
    {
        int passed = 0;
        var equivalence = new LowBitEquivalence(Toy.Network, 100, 5, count => passed += count);
        OutputRange[] ranges = equivalence.ObserveRanges(Toy.Images.Pixels, 100);
        Assert.Equal(0, passed);

        LowBitPoint point = await equivalence.RunAsync(ranges, 16, Toy.Images, 2, default);

        Assert.Equal(3 * Toy.Images.Count, passed);
        Assert.All([point.Quantised, point.Noisy], accuracy => Assert.InRange(accuracy.Interval.High, accuracy.Value, 1));
        var stopped = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => equivalence.RunAsync(ranges, 16, Toy.Images, 2, stopped));
        Assert.ThrowsAny<OperationCanceledException>(() => equivalence.ObserveRanges(Toy.Images.Pixels, 100, stopped));
    }

    [Fact]
    public void AverageNoiseBits_OfAPlanFile_AreThoseOfTheMeasurementItHolds()
    {
        AnalogNode[] nodes = [NodesOnly.Node(1, 1, [1f]), NodesOnly.Node(1, 1, [1f], [1f], [1f])];
        LayerNoiseBits[] measured = [Measured(6, 0.1), Measured(3, 0.2)];
        PlanLayer[] held = [.. nodes.Zip(measured, (node, bits) => Held(node, bits.Bits))];

        foreach (ReferenceProfile profile in Enum.GetValues<ReferenceProfile>())
        {
            Assert.Equal(AverageNoiseBits.Of(PlanOf(nodes), measured, profile), AverageNoiseBits.Of(held, profile)!.Value, 1e-12);
        }

        // Whole levels are not rounded up to the next; a layer without bits, or with one level, has no mean.
        Assert.Equal(Math.Log2(24), AverageNoiseBits.Of([Held(nodes[0], Math.Log2(25))], ReferenceProfile.PaperCode)!.Value, 1e-12);
        Assert.Null(AverageNoiseBits.Of([held[0], Held(nodes[1], null)], ReferenceProfile.Corrected));
        Assert.Null(AverageNoiseBits.Of([held[0], Held(nodes[1], 0)], ReferenceProfile.PaperCode));

        static LayerNoiseBits Measured(double range, double deviation) => new("a", range, deviation, NoiseBits.Bits(range, deviation * deviation), 1);

        static PlanLayer Held(AnalogNode node, double? bits) =>
            new("a", "Gemm", 1, node.Positions * node.Channels, node.Positions, node.Channels, 1, "read-and-average", [1], null, 1, bits);
    }

    [Fact]
    public void AverageNoiseBits_OfTwoProfiles_DifferByTheLevelOfTheCode()
    {
        AnalogNode[] nodes = [NodesOnly.Node(1, 1, [1f]), NodesOnly.Node(1, 1, [1f], [1f], [1f])];
        LayerNoiseBits[] layers = [Layer(25), Layer(3.6)];
        double corrected = AverageNoiseBits.Of(PlanOf(nodes), layers, ReferenceProfile.Corrected);
        double code = AverageNoiseBits.Of(PlanOf(nodes), layers, ReferenceProfile.PaperCode);
        Assert.Equal((Math.Log2(25) + 3 * Math.Log2(3.6)) / 4, corrected, 1e-9);
        Assert.Equal((Math.Log2(24) + 3 * Math.Log2(3)) / 4, code, 1e-9);

        static LayerNoiseBits Layer(double levels)
        {
            double variance = NoiseBits.VarianceForLevels(6, levels) * (1 + 1e-12);
            return new LayerNoiseBits("a", 6, Math.Sqrt(variance), NoiseBits.Bits(6, variance), 1);
        }
    }

    private static PrecisionPlan PlanOf(IEnumerable<AnalogNode> nodes) =>
        new([.. nodes.Select((node, i) => new LayerPlan($"{i}", node.DotLength, node.Macs, [1], RedundancyMode.ReadAndAverage))]);
}
