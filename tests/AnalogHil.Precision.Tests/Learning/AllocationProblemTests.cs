using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Tests.Learning;

public class AllocationProblemTests
{
    private static readonly AllocationProblem Problem = new([4, 1, 9, 0.25], [1, 2, 0.5, 8]);

    [Fact]
    public void WarmStart_OnAnyProblem_MeetsTheBudgetAndIsOptimal()
    {
        double[] energy = Problem.WarmStart(10);
        Assert.Equal(10 * Problem.TotalCost, energy.Zip(Problem.Cost, (e, n) => e * n).Sum(), 9);
        Assert.Equal(0, OptimalityResidual.Of(Problem.Sensitivity, energy, Problem.Cost, 1e9), 12);
    }

    [Fact]
    public void PredictedGain_EqualsEnergyRatioAtEqualLoss()
    {
        // Loss of the uniform plan at E = 1 is sum s; the optimum has that loss at a budget of rho.
        double rho = Problem.PredictedGain();
        double loss = Problem.WarmStart(rho).Zip(Problem.Sensitivity, (e, s) => s / e).Sum();
        Assert.Equal(Problem.Sensitivity.Sum(), loss, 9);
        Assert.InRange(rho, 0.01, 0.999);
    }

    [Fact]
    public void FromEnergy_OfAWarmStart_HasTheSameShape()
    {
        double[] energy = Problem.WarmStart(3);
        double[] again = AllocationProblem.FromEnergy(energy, Problem.Cost).WarmStart(3);
        Assert.All(energy.Zip(again), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    [Fact]
    public void Project_WithLimits_MeetsTheBudgetAndKeepsTheShapeBetweenThem()
    {
        double[] energy = [0.1, 2, 4, 1000];
        double[] cost = [1, 2, 0.5, 1];
        double[] projected = BudgetProjection.Project(energy, cost, 5, 12);
        Assert.Equal(5 * 4.5, projected.Zip(cost, (e, n) => e * n).Sum(), 8);
        Assert.Equal(1, projected[0]);
        Assert.Equal(12, projected[3]);
        Assert.Equal(2, projected[2] / projected[1], 9);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(13)]
    [InlineData(double.NaN)]
    public void Project_OutsideTheLimits_SaysSo(double budget)
    {
        var error = Assert.Throws<PrecisionException>(() => BudgetProjection.Project([1, 2], [1, 1], budget, 12));
        Assert.Equal(PrecisionFault.Budget, error.Fault);
    }

    [Fact]
    public void Of_AwayFromTheOptimum_IsTheLogOfTheRatio()
    {
        double[] energy = Problem.WarmStart(10);
        energy[0] *= 2;
        Assert.Equal(Math.Log(4), OptimalityResidual.Of(Problem.Sensitivity, energy, Problem.Cost, 1e9), 9);
        Assert.Equal(0, OptimalityResidual.Of(Problem.Sensitivity, [1, 1, 1, 12], Problem.Cost, 12));
    }
}
