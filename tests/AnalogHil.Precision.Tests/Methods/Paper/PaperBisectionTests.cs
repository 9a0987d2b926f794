using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Paper;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Methods.Paper;

public class PaperBisectionTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_OnAMonotoneMethod_AcceptsATenthOfAPointAboveTheTarget()
    {
        var search = new PaperBisection(new PaperBisectionOptions());
        BisectionResult found = search.Run(new UniformMethod(), Toy.Task(), Toy.Images, null, default);
        output.WriteLine(string.Join("; ", found.Steps.Select(step => $"{step.MeanEnergy:0.0}: {100 * step.Drop:0.00}")));
        Assert.True(found.Accepted);
        Assert.InRange(found.Steps.Length, 2, 16);
        Assert.InRange(found.Steps[^1].Drop, 0.019, 0.02);
        Assert.Equal(100, found.Steps[0].Budget, 1e-9);
        Assert.Equal(found.Result!.MeanEnergy, found.Steps[^1].MeanEnergy);
        Assert.Equal((found.Steps.Length + 1) * 2000, found.EvaluationImages);
        Assert.Equal(default, found.Cost);
    }

    [Fact]
    public void Run_WithTooFewSteps_HandsOutTheLastThatMetTheTargetWithoutClaimingTheRule()
    {
        BisectionResult found = new PaperBisection(new PaperBisectionOptions { Steps = 1, Lowest = 100, Highest = 1e6 })
            .Run(new UniformMethod(), Toy.Task(), Toy.Images, null, default);
        Assert.False(found.Accepted);
        Assert.NotNull(found.Result);
        Assert.Null(new PaperBisection(new PaperBisectionOptions { Steps = 1, Lowest = 0.1, Highest = 1 })
            .Run(new UniformMethod(), Toy.Task(), Toy.Images, null, default).Result);
    }

    [Fact]
    public void Run_WithAnEmptyBracket_SaysSo() => Assert.Throws<PrecisionException>(
        () => new PaperBisection(new PaperBisectionOptions { Lowest = 5, Highest = 5 }).Run(new UniformMethod(), Toy.Task(), Toy.Images, null, default));
}
