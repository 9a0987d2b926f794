using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Methods;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Comparison;

public class FixedSetComparisonTests(ITestOutputHelper output)
{
    private static readonly PlanLayout Layout = Toy.Task().Layout;

    [Fact]
    public void Measure_UniformAndOptimal_DifferByThePredictedGain()
    {
        // Six layers; rho is predicted to second order from sensitivities, obtained from accuracies at a drop of 2 points on other grounds
        // altogether. The loss of a noise is not quite second order there, so the band is 15 % and the interval's own width.
        MethodResult ours = Training.Run(new SensitivityMethod(new SensitivityOptions { Rounds = 2, Steps = 0 }), Toy.Task(), 20, null, default);
        FixedSetComparison comparison = Comparison();
        FixedSetEnergy uniform = comparison.Measure(ShapeFamily.Uniform(Layout, 1e-6, 1e9), default);
        FixedSetEnergy learned = comparison.Measure(new ShapeFamily("ours", Layout, ours.Energy, 1e-6, 1e9), default);
        FixedSetRatio ratio = FixedSetComparison.Ratio(learned, uniform);
        output.WriteLine(uniform.Reason);
        output.WriteLine(learned.Reason);
        double predicted = ours.Learned.PredictedGain!.Value;
        output.WriteLine($"rho predicted {predicted:0.000}, obtained {ratio.Ratio.Value:0.000} ({ratio.Ratio.Interval.Low:0.000} to {ratio.Ratio.Interval.High:0.000}), {uniform.ImagesPassed + learned.ImagesPassed} images");
        Assert.True(uniform.Reached && learned.Reached);
        Assert.InRange(predicted, 0.3, 0.95);
        Assert.InRange(ratio.Ratio.Value / predicted, 0.8, 1.2);
        Assert.True(ratio.Ratio.Interval.High < 1);
        Assert.InRange(comparison.DropAt(learned.Point, default).Value, 0.012, 0.028);
        Assert.Equal(5, ratio.Ratio.N);
    }

    [Fact]
    public void Ratio_OfAFamilyWithItself_IsOneWithoutSpread()
    {
        FixedSetComparison comparison = Comparison();
        FixedSetEnergy one = comparison.Measure(ShapeFamily.Uniform(Layout, 1e-6, 1e9), default);
        FixedSetEnergy two = comparison.Measure(ShapeFamily.Uniform(Layout, 1e-6, 1e9), default);
        Estimate ratio = FixedSetComparison.Ratio(one, two).Ratio;
        Assert.Equal((1.0, 1.0, 1.0), (ratio.Value, ratio.Interval.Low, ratio.Interval.High));

        // Its drops are known by then.
        Assert.Equal(0, two.ImagesPassed);
        Assert.Equal(ratio.N, one.LogEnergyBySeed.Length);
    }

    [Fact]
    public void DropAt_TheSameEnergiesUnderOtherNoise_IsNotTakenForKnown()
    {
        // As two plans of equal K in other redundancy modes: one network, one K for each layer, and another law.
        FixedSetComparison comparison = Comparison();
        EnergyPoint point = ShapeFamily.Uniform(Layout, 1e-6, 1e9).At(20);
        EnergyPoint louder = point with { Noise = new Louder(Toy.Noise) };
        Assert.True(comparison.DropAt(louder, default).Value > 1.5 * comparison.DropAt(point, default).Value);
        Assert.Equal(comparison.DropAt(point, default).Value, Comparison().DropAt(point, default).Value);
    }

    [Theory]
    [InlineData(1e-6, 1e-5, true)]
    [InlineData(1e6, 1e7, false)]
    public void Measure_WhereTheDropIsNotCrossed_SaysWhichLimitWasMet(double lowest, double highest, bool tooNoisy)
    {
        var comparison = new FixedSetComparison(
            Toy.Network, Toy.Noise, Toy.Images, new FixedSetOptions { Lowest = lowest, Highest = highest });
        FixedSetEnergy energy = comparison.Measure(ShapeFamily.Uniform(Layout, 1e-7, 1e9), default);
        Assert.False(energy.Reached);
        Assert.Equal(tooNoisy ? highest : lowest, energy.Energy.Value, 1e-6 * highest);
        Assert.Contains(tooNoisy ? "allow a larger drop" : "tolerates", energy.Reason, StringComparison.Ordinal);
        Estimate ratio = FixedSetComparison.Ratio(energy, energy).Ratio;
        Assert.Equal(double.PositiveInfinity, ratio.Interval.High);
    }

    [Fact]
    public void Measure_OnAPlateauAtTheDrop_IsUndeterminedAndNotAFloor()
    {
        FixedSetEnergy energy = Comparison().Measure(new Plateau(1e-3, 1e5), default);
        output.WriteLine(energy.Reason);
        Assert.False(energy.Reached);
        Assert.Equal((0, double.PositiveInfinity), (energy.Energy.Interval.Low, energy.Energy.Interval.High));
        Assert.Contains("is not determined", energy.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("loses more than", energy.Reason, StringComparison.Ordinal);

        // Both sides of the drop were seen, and all draws at more than one energy.
        Assert.Contains(energy.Tried, point => point.Drop > 0.02);
        Assert.Contains(energy.Tried, point => point.Drop <= 0.02);
        Assert.True(energy.Tried.Count(point => point.Seeds == 5) > 1);
    }

    [Fact]
    public void Measure_WhereTheFirstDrawIsLuckyByFar_GoesOnUntilItLiesNearEnergiesThatWereRun()
    {
        // The first draw crosses at E = 3, the others at 3 e^3: on average at 3 e^2.4, where no round moves by more than 0.6.
        FixedSetEnergy energy = OfCounts(100_000, (e, draw) => Line(100_000, Math.Log(e / 3) - (draw == 0 ? 0 : 3)));
        output.WriteLine(energy.Reason);
        Assert.True(energy.Reached);
        Assert.Equal(Math.Log(3) + 2.4, Math.Log(energy.Energy.Value), 0.02);
        double[] full = [.. energy.Tried.Where(point => point.Seeds == 5).Select(point => Math.Log(point.Energy))];
        Assert.Contains(full, one => one <= Math.Log(energy.Energy.Value) && one > Math.Log(energy.Energy.Value) - 0.72);
        Assert.Contains(full, one => one >= Math.Log(energy.Energy.Value) && one < Math.Log(energy.Energy.Value) + 0.72);
    }

    [Fact]
    public void Measure_WhereTheCrossingStaysFarFromWhatWasRun_IsUndeterminedAndSaysWhy()
    {
        // The others cross at 3 e^10: seven rounds end at 3 e^3.6.
        FixedSetEnergy energy = OfCounts(100_000, (e, draw) => Line(100_000, Math.Log(e / 3) - (draw == 0 ? 0 : 10)));
        output.WriteLine(energy.Reason);
        Assert.False(energy.Reached);
        Assert.Equal((0, double.PositiveInfinity), (energy.Energy.Interval.Low, energy.Energy.Interval.High));
        Assert.Contains("still points away from them", energy.Reason, StringComparison.Ordinal);
        Assert.Equal(14, energy.Tried.Count(point => point.Seeds == 5));
    }

    [Fact]
    public void Measure_AsManyRightAnswersAtBothEnergies_IsNoFallThoughTheirMeansDiffer()
    {
        // 28 wrong answers on either side, of five draws; the means of the drops differ by 2e-17, and that is no slope.
        const int Images = 325;
        int[] left = [7, 4, 4, 4, 9];
        int[] right = [6, 4, 4, 6, 8];
        Assert.Equal(left.Sum(), right.Sum());
        Assert.True(right.Average(DropOf) < left.Average(DropOf));
        double below = 1e-9;
        double above = double.PositiveInfinity;
        int passes = 0;
        FixedSetEnergy energy = OfCounts(Images, (e, draw) =>
        {
            if (Math.Log(above / below) < 0.3)
            {
                // No difference at all until the last of the three pairs of energies.
                return (passes++ / 5 == 5 ? right : left)[draw];
            }

            (below, above) = e < 3 ? (Math.Max(below, e), above) : (below, Math.Min(above, e));
            return (e < 3 ? left : right)[draw];
        });
        output.WriteLine(energy.Reason);
        Assert.False(energy.Reached);
        Assert.Contains("the drop does not fall with energy", energy.Reason, StringComparison.Ordinal);
        Assert.Equal(6, energy.Tried.Count(point => point.Seeds == 5));

        static double DropOf(int wrong) => 1 - (Images - wrong) / (double)Images;
    }

    [Fact]
    public void Create_WithFewerThanFiveDraws_SaysSo() => Assert.Contains(
        "4 noise draws",
        Assert.Throws<PrecisionException>(() => new FixedSetComparison(
            Toy.Network, Toy.Noise, Toy.Images, new FixedSetOptions { Seeds = 4 })).Message,
        StringComparison.Ordinal);

    // Four times the variance.
    private sealed class Louder(INoiseModel model) : INoiseModel
    {
        public int Layers => model.Layers;

        public double LeastEnergy => model.LeastEnergy;

        public NodeNoise[] At(IReadOnlyList<double[]> energy) => model.At([.. energy.Select(layer => layer.Select(e => e / 4).ToArray())]);

        public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy) => model.AveragingPartOfOneRead(energy);

        public double[][] Ones() => model.Ones();
    }

    private static FixedSetComparison Comparison() => new(Toy.Network, Toy.Noise, Toy.Images, new FixedSetOptions());

    private static FixedSetEnergy OfCounts(int images, Func<double, int, int> wrong)
    {
        var network = new CountedNetwork(images, wrong);
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        return new FixedSetComparison(network, network, network.Images(), new FixedSetOptions()).Measure(ShapeFamily.Uniform(layout, 1e-6, 1e9), default);
    }

    // Two points at 0, half of one less for a factor of e in energy.
    private static int Line(int images, double logEnergy) => (int)Math.Round(Math.Clamp(0.02 - 0.005 * logEnergy, 0, 1) * images);

    // Worse below an energy and better above it as long as it is bracketed, the same everywhere once the bracket is narrow: luck of the first draw.
    private sealed class Plateau(double noisy, double quiet) : IEnergyFamily
    {
        private readonly ShapeFamily _shape = ShapeFamily.Uniform(Layout, 1e-6, 1e9);
        private double _below = 1e-9;
        private double _above = double.PositiveInfinity;

        public string Name => "plateau";

        public EnergyPoint At(double meanEnergy)
        {
            const double Edge = 3;
            bool bracketed = Math.Log(_above / _below) < 0.3;
            if (!bracketed && meanEnergy < Edge)
            {
                _below = Math.Max(_below, meanEnergy);
            }
            else if (!bracketed)
            {
                _above = Math.Min(_above, meanEnergy);
            }

            return _shape.At(bracketed || meanEnergy >= Edge ? quiet : noisy) with { MeanEnergy = meanEnergy };
        }
    }
}
