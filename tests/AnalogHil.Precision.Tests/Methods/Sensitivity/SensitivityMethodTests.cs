using AnalogHil.Core.Plans;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Rounding;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Methods.Sensitivity;

public class SensitivityMethodTests(ITestOutputHelper output)
{
    private const int PaperImages = 48_032;

    [Fact]
    public void Run_WithDefaults_MeetsTheBudgetForATenthOfTheImages()
    {
        var outside = new CountingNetwork(Toy.Network);
        MethodTask task = Toy.Task() with { Network = outside };
        MethodResult result = Training.Run(new SensitivityMethod(new SensitivityOptions()), task, 10, null, default);
        output.WriteLine($"{string.Join(' ', result.Energy.Select(e => e.ToString("0.0")))}, residual {result.Residual:0.000}, rho {result.Learned.PredictedGain:0.000}, {result.Cost}");
        Assert.Equal(10, result.MeanEnergy, 1e-6);
        Assert.True(result.Cost.Total <= PaperImages / 10, $"{result.Cost.Total}");
        Assert.True(result.Cost.Backward > 0);

        // What is stated is what passed: method and residual together are all that an independent counter saw.
        Assert.Equal(outside.Cost, new ImageCost(result.Cost.Forward + result.ResidualCost.Forward, result.Cost.Backward + result.ResidualCost.Backward));
        Assert.Equal(new ImageCost(task.ResidualImages, task.ResidualImages), result.ResidualCost);
    }

    [Fact]
    public void Run_WithRounds_EndsNearTheOptimumOfItsSensitivities()
    {
        // Equal layers but for a factor of ten in span: the uniform plan is 2 ln 10 = 4.6 away.
        MethodResult uniform = Training.Run(new UniformMethod(), Toy.Task(), 10, null, default);
        MethodResult result = Training.Run(new SensitivityMethod(new SensitivityOptions { Rounds = 2, Steps = 0 }), Toy.Task(), 10, null, default);
        output.WriteLine($"residual {result.Residual:0.000}, uniform {uniform.Residual:0.000}");
        Assert.InRange(result.Residual!.Value, 0, 0.6);
        Assert.True(uniform.Residual > 3);
    }

    [Fact]
    public void Options_ByDefault_NeverPassMoreThanATenthOfThePapersImages()
    {
        var o = new SensitivityOptions();
        int most = 2 * (o.WarmImages + o.Rounds * o.RoundImages + o.Steps * o.Batch) + (o.Rounds > 0 ? 3 : 2) * o.JudgeImages;
        Assert.True(most <= PaperImages / 10, $"{most}");
    }

    [Fact]
    public void Run_PerChannel_KeepsDeadChannelsAtTheFloorOfTheirLayer()
    {
        MethodTask task = Toy.Task(Granularity.Channel) with { ResidualImages = 0 };
        MethodResult result = Training.Run(new SensitivityMethod(new SensitivityOptions { Steps = 0, ChannelFloor = 0.1 }), task, 10, null, default);
        Assert.Equal(10, result.MeanEnergy, 1e-6);
        foreach (double[] layer in result.Layers)
        {
            // E goes with sqrt(s): no channel falls below sqrt(0.1) of the root mean s of its layer.
            double rootMean = Math.Sqrt(layer.Average(e => e * e));
            Assert.All(layer, e => Assert.True(e >= 0.999 * Math.Sqrt(0.1) * rootMean / Math.Sqrt(1.1), $"{e} of {rootMean}"));
        }

        Assert.Null(result.Residual);
        Assert.Equal(default, result.ResidualCost);
    }

    [Fact]
    public void Run_AtAHighBudget_StopsAfterTheFirstRoundThatIsWithinTolerance()
    {
        MethodTask task = Toy.Task() with { ResidualImages = 0 };
        MethodResult result = Training.Run(
            new SensitivityMethod(new SensitivityOptions { Steps = 0, Rounds = 5, Tolerance = 100 }), task, 10, null, default);
        Assert.Single(result.Learned.Trace);
        Assert.Equal(new ImageCost(512 + 2 * 400, 512), result.Cost);
    }

    [Fact]
    public void Energies_ForAnyTilt_MeetTheBudgetExactlyAndTheTiltGradientIsItsDerivative()
    {
        // Loss sum s / E: dL/d ln E = -s / E in closed form.
        MethodTask task = Toy.Task(Granularity.Channel);
        var refinement = new BudgetRefinement(task, new SensitivityOptions());
        var random = new Random(3);
        double[] s = [.. Enumerable.Range(0, task.Layout.Count).Select(_ => random.NextDouble())];
        double[] shares = [.. s.Select(value => 0.1 + value * value)];
        double[] tilt = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() - 0.5)];
        double[] energy = refinement.Energies(shares, tilt, 7);
        Assert.Equal(7, task.Layout.MeanEnergy(energy), 1e-9);
        double[] gradient = refinement.TiltGradient([.. energy.Select((e, j) => -s[j] / e)], energy);
        for (int layer = 0; layer < 6; layer++)
        {
            double[] up = [.. tilt];
            double[] down = [.. tilt];
            up[layer] += 1e-5;
            down[layer] -= 1e-5;
            double slope = (Loss(refinement.Energies(shares, up, 7)) - Loss(refinement.Energies(shares, down, 7))) / 2e-5;
            Assert.Equal(slope, gradient[layer], 1e-6);
        }

        double Loss(double[] e) => e.Select((value, j) => s[j] / value).Sum();
    }

    [Fact]
    public void Energies_AtTheLeastEnergy_LeaveNothingToShare()
    {
        MethodTask task = Toy.Task();
        var refinement = new BudgetRefinement(task, new SensitivityOptions());
        double[] least = [.. Enumerable.Repeat(task.LeastEnergy, task.Layout.Count)];
        double[] shares = refinement.Shares(least, task.LeastEnergy);
        Assert.All(shares, share => Assert.InRange(share, double.Epsilon, double.MaxValue));
        double[] tilt = [.. Enumerable.Range(0, task.Layout.Layers).Select(layer => 0.1 * layer)];
        Assert.Equal(least, refinement.Energies(shares, tilt, task.LeastEnergy));
        Assert.All(refinement.TiltGradient([.. least.Select(_ => -1.0)], least), slope => Assert.Equal(0, slope));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Run_OnADeviceAtALowBudget_SharesOtherBudgetsByWhatHeldLayersNeed(int steps)
    {
        // Six layers whose losses differ by a factor of a hundred, at little more than one read of everything. With steps the shares are refined ones.
        NetworkOnDevice device = Scenes.OnDevice(Toy.Network, FakeDevice.Caps());
        var layout = new PlanLayout(device, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var task = new MethodTask(Toy.Network, new NoiseModel(device.Scales, Scenes.Profile(0.05)), layout, Toy.Images) { LargestEnergy = 64 };
        MethodResult result = Training.Run(new SensitivityMethod(new SensitivityOptions { Rounds = 1, Steps = steps }), task, 1.3, null, default);
        output.WriteLine(string.Join(", ", result.Energy.Zip(result.Shares, (energy, share) => FormattableString.Invariant($"{energy:0.000} {share:0.000}"))));
        Assert.All(result.Energy, energy => Assert.InRange(energy, 1, 64));
        Assert.Contains(result.Energy, energy => energy < 1.05);
        Assert.All(result.Energy.Zip(result.Shares), pair => Assert.True(pair.First > 1.05 ? pair.Second == pair.First : pair.Second <= pair.First));

        // The least sensitive one needs far less than the read that it has.
        Assert.InRange(result.Shares.Min(), 0.01, 0.7);
    }

    [Fact]
    public void LayerResidual_AtTheClosedFormOptimum_IsZeroForLayersAndChannels()
    {
        foreach (Granularity granularity in (Granularity[])[Granularity.Layer, Granularity.Channel])
        {
            PlanLayout layout = Toy.Task(granularity).Layout;
            var random = new Random(5);
            double[] s = [.. Enumerable.Range(0, layout.Count).Select(_ => 0.01 + random.NextDouble())];
            double[] energy = new AllocationProblem(s, layout.Cost).WarmStart(20);
            Assert.Equal(0, Training.LayerResidual(layout, s, energy, 1e-6, 1e9), 1e-9);
            Assert.Equal(0, OptimalityResidual.Of(s, energy, layout.Cost, 1e-6, 1e9), 1e-9);
            Assert.True(Training.LayerResidual(layout, s, [.. Enumerable.Repeat(20.0, layout.Count)], 1e-6, 1e9) > 0.01);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(1e12)]
    public void Run_OutsideTheLimits_SaysSoBeforeAnythingPasses(double budget)
    {
        var counting = new CountingNetwork(Toy.Network);
        var error = Assert.Throws<PrecisionException>(() => Training.Run(
            new SensitivityMethod(new SensitivityOptions()), Toy.Task() with { Network = counting }, budget, null, default));
        Assert.Equal(PrecisionFault.Budget, error.Fault);
        Assert.Equal(default, counting.Cost);
    }

    [Fact]
    public void Run_WithLabelsOfOtherClasses_SaysSo()
    {
        MethodTask task = Toy.Task();
        int[] labels = [.. Toy.Images.Labels];
        labels[7] = 6;
        var error = Assert.Throws<PrecisionException>(() => Training.Run(
            new UniformMethod(), task with { Images = Toy.Images with { Labels = labels } }, 2, null, default));
        Assert.Contains("label 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RoundedMethod_OfUniform_StatesTheEnergyItReallyHas()
    {
        MethodResult result = Training.Run(new RoundedMethod(new UniformMethod(), EnergyLevels.Integers(64)), Toy.Task(), 2.46, null, default);
        Assert.Equal((2.46, 3.0), (result.Budget, result.MeanEnergy));
    }
}
