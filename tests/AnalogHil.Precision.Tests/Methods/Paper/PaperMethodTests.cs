using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Methods.Rounding;
using AnalogHil.Precision.Noise;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Methods.Paper;

public class PaperMethodTests(ITestOutputHelper output)
{
    [Fact]
    public void Learn_FromAHighStart_WalksDownToTheBudgetAndTiltsTowardsTheOptimum()
    {
        var method = new PaperMethod(new PaperOptions { Start = 100, Steps = 250, Batch = 16, LearningRate = 0.02 });
        MethodResult result = Training.Run(method, Toy.Task() with { Seed = 4 }, 10, null, default);
        output.WriteLine($"seed 4: {result.MeanEnergy:0.00}: {string.Join(' ', result.Energy.Select(e => e.ToString("0.0")))}, residual {result.Residual:0.00}");
        Assert.Equal(100, result.Learned.Trace[0].MeanEnergy, 9);
        Assert.True(result.Learned.Trace[20].MeanEnergy < 90);
        Assert.InRange(result.MeanEnergy, 7, 13);

        // The two noisiest products of equal cost must get more than the two quietest; without learning they would get the same.
        Assert.True(result.Energy[4] + result.Energy[5] > 1.1 * (result.Energy[0] + result.Energy[1]));
        Assert.Equal(new ImageCost(250 * 16, 250 * 16), result.Cost);
    }

    [Fact]
    public void Options_ForALaw_AreTheAuthors()
    {
        Assert.Equal(2, PaperOptions.For(ReferenceLawKind.Shot).Penalty);
        PaperOptions thermal = PaperOptions.For(ReferenceLawKind.Thermal);
        Assert.Equal((8, 1501, 32, 0.01, 1e4), (thermal.Penalty, thermal.Steps, thermal.Batch, thermal.LearningRate, thermal.Start));
        Assert.Equal(48_032, thermal.Steps * thermal.Batch);
    }

    [Fact]
    public void Learn_WithLevels_DrawsNoiseAtWholeRepeatsAndMovesThroughThem()
    {
        var options = new PaperOptions { Start = 20, Steps = 150, Batch = 16, LearningRate = 0.02, Levels = EnergyLevels.Integers(64) };
        MethodResult result = Training.Run(new PaperMethod(options), Toy.Task(), 4, null, default);
        Assert.All(result.Energy, energy => Assert.Equal(Math.Round(energy), energy));
        Assert.All(result.Energy, energy => Assert.InRange(energy, 1, 64));
        Assert.True(result.MeanEnergy < 15, $"{result.MeanEnergy}");
    }

    [Fact]
    public void Learn_WithFewerImagesThanABatch_SaysSo()
    {
        MethodTask task = Toy.Task() with { Images = Fakes.Pictures.For(Toy.Network, 10, 1) };
        var error = Assert.Throws<PrecisionException>(() => Training.Run(new PaperMethod(new PaperOptions()), task, 4, null, default));
        Assert.Equal(PrecisionFault.Data, error.Fault);
        Assert.Contains("10 images", error.Message, StringComparison.Ordinal);
    }
}
