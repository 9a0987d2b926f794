using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Allocation;

public class ModeChoiceTests(ITestOutputHelper output)
{
    [Fact]
    public void Choose_OnRandomProblems_FitsAndStaysNearBruteForceAndItsBound()
    {
        // 200 problems of three layers with six options each, seed 23, limits that some choice meets. The prices need not find every feasible
        // corner; they must find most, never claim a bound above the optimum, and never break a limit.
        var random = new Random(23);
        int found = 0;
        double gap = 0;
        for (int round = 0; round < 200; round++)
        {
            LayerMode[][] options = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(1, 6).Select(k => Draw(random, k)).ToArray())];
            LayerMode[] some = [.. options.Select(layer => layer[random.Next(6)])];
            var request = new ModeRequest(some.Sum(o => o.Loss) * 1.2, some.Sum(o => o.Seconds) * 1.2, some.Sum(o => o.Cells) * 1.2);
            double best = BruteForce(options, request);
            try
            {
                (LayerMode[] layers, double bound) = ModeChoice.Choose(options, request);
                found++;
                double joules = layers.Sum(o => o.Joules);
                Assert.True(layers.Sum(o => o.Loss) <= request.Loss * (1 + 1e-6));
                Assert.True(layers.Sum(o => o.Seconds) <= request.Seconds * (1 + 1e-6));
                Assert.True(layers.Sum(o => o.Cells) <= request.Cells * (1 + 1e-6));
                Assert.True(bound <= best * (1 + 1e-6), $"round {round}: bound {bound}, optimum {best}");
                gap += joules / best - 1;
            }
            catch (PrecisionException error)
            {
                Assert.Contains("allow a larger loss", error.Message, StringComparison.Ordinal);
            }
        }

        output.WriteLine($"seed 23: {found} of 200 solved, mean gap {100 * gap / found:0.0} %");
        Assert.InRange(found, 150, 200);
        Assert.InRange(gap / found, 0, 0.25);
    }

    [Fact]
    public void Choose_OnADevice_PrefersTheModeThatItsNoiseAndLimitsCallFor()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
        DeviceCapabilities caps = FakeDevice.Caps() with
        {
            Tiles = 64,
            ReadTimeNanoseconds = 10,
            EnergyPerMac = 1e-15,
            EnergyPerAdcConversion = 1e-12,
            EnergyPerDacConversion = 1e-13,
            MaxRepeats = ImmutableDictionary.CreateRange<RedundancyMode, int>(
            [
                new(RedundancyMode.AccumulateThenRead, 64), new(RedundancyMode.ReadAndAverage, 64), new(RedundancyMode.SpatialCopies, 8),
            ]),
        };
        NetworkOnDevice onDevice = Scenes.OnDevice(network, caps);
        double[] cost = [72, 72];

        // White noise: accumulating costs one conversion where averaging costs K.
        TermSensitivities white = Parts.One(AveragingLaw.White, [1, 1], cost);
        ModePlan cheap = ModeChoice.Choose(onDevice, white, new ModeRequest(0.25));
        Assert.All(cheap.Layers, layer => Assert.Equal(RedundancyMode.AccumulateThenRead, layer.Mode));
        Assert.True(cheap.Loss <= 0.25 * (1 + 1e-9));
        Assert.Equal(cheap.Layers.Select(layer => layer.Repeats), cheap.Plan.Layers.Select(layer => layer.Repeats[0]));

        // No time for repeats: copies read at once.
        double once = ModeOptions.Of(onDevice, white).Sum(layer => layer.Min(option => option.Seconds));
        ModePlan quick = ModeChoice.Choose(onDevice, white, new ModeRequest(0.25, Seconds: once));
        Assert.All(quick.Layers, layer => Assert.Equal((RedundancyMode.SpatialCopies, 8), (layer.Mode, layer.Repeats)));
        Assert.True(quick.Joules > cheap.Joules);

        // A floor in time that copies on other cells average out.
        TermSensitivities floored = Parts.One(new AveragingLaw(0.5, 0.5), [1, 1], cost);
        ModePlan copies = ModeChoice.Choose(onDevice, floored, new ModeRequest(0.5));
        Assert.All(copies.Layers, layer => Assert.Equal(RedundancyMode.SpatialCopies, layer.Mode));

        // Neither time nor cells.
        double cells = ModeOptions.Of(onDevice, white).Sum(layer => layer.Min(option => option.Cells));
        var error = Assert.Throws<PrecisionException>(
            () => ModeChoice.Choose(onDevice, white, new ModeRequest(0.25, Seconds: once, Cells: cells)));
        Assert.Contains("more cells", error.Message, StringComparison.Ordinal);
        Assert.Contains("floor", Assert.Throws<PrecisionException>(() => ModeChoice.Choose(onDevice, white, new ModeRequest(1e-9))).Message, StringComparison.Ordinal);
    }

    private static LayerMode Draw(Random random, int k) => new(
        RedundancyMode.ReadAndAverage, k, Value(random), Value(random), Value(random), Value(random), 0);

    private static double Value(Random random) => Math.Exp(2 * random.NextDouble());

    private static double BruteForce(LayerMode[][] options, ModeRequest request)
    {
        double best = double.PositiveInfinity;
        foreach (LayerMode a in options[0])
        {
            foreach (LayerMode b in options[1])
            {
                foreach (LayerMode c in options[2])
                {
                    bool fits = a.Loss + b.Loss + c.Loss <= request.Loss
                        && a.Seconds + b.Seconds + c.Seconds <= request.Seconds && a.Cells + b.Cells + c.Cells <= request.Cells;
                    best = fits ? Math.Min(best, a.Joules + b.Joules + c.Joules) : best;
                }
            }
        }

        return best;
    }
}
