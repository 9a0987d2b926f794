using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Guarding;

public sealed class SaturationWatchTests
{
    [Theory]
    [InlineData(0.01, 4, 3, 4)]
    [InlineData(0.01, 5, 3, 4)]
    [InlineData(0.01, 64, 8, 9)]
    [InlineData(0.01, 10_000, 156, 157)]
    [InlineData(0.01, 100_000, 1_169, 1_170)]
    [InlineData(0.5, 64, 52, 53)]
    [InlineData(0, 10_000, 0, 1)]
    public void Exceeded_OneCall_RefusesFromTheBoundOn(double allowed, int products, long most, long refused)
    {
        Assert.Null(new SaturationWatch(allowed).Exceeded(0, products, most, 1));
        Assert.Equal(new SaturationWatch.Share(1, products, refused, products, refused), new SaturationWatch(allowed).Exceeded(0, products, refused, 1));
    }

    [Fact]
    public void Exceeded_AllAllowed_NeverRefuses() => Assert.Null(new SaturationWatch(1).Exceeded(0, 10_000, 10_000, 1));

    /// <summary>The exact tail of the binomial beside the rate that is stated: the smallest count that is refused happens less often, at the allowed share.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.2)]
    public void Exceeded_AtTheAllowedShare_IsRarerThanStated(double allowed)
    {
        foreach (int products in (int[])[1, 4, 10, 64, 100, 1_000, 10_000, 50_000])
        {
            long smallest = 0;
            while (smallest <= products && new SaturationWatch(allowed).Exceeded(0, products, smallest, 1) is null)
            {
                smallest++;
            }

            Assert.InRange(Tail(products, allowed, smallest), 0, SaturationWatch.FalseAlarms);
        }
    }

    [Fact]
    public void Exceeded_ReadsOfOneProduct_CountAsOne()
    {
        // One product read 64 times at the range's end says no more than one read of it does.
        Assert.Null(new SaturationWatch(0.01).Exceeded(0, 64, 64, 64));
        Assert.NotNull(new SaturationWatch(0.01).Exceeded(0, 64, 64, 1));
    }

    [Fact]
    public void Exceeded_OneProductReadFarMoreThanTheOthers_IsOneProductAtMost()
    {
        // 63 columns read once and one read 256 times, which clips: the weight of the others is 1/256 of its.
        Assert.Null(new SaturationWatch(0.01).Exceeded(0, 63 + 256, 256, 256));

        // Repeats that change between calls: 4 of 100 products do not become 1,024 of 75,600 reads.
        var watch = new SaturationWatch(0.01);
        Assert.Null(watch.Exceeded(0, 50_000, 0, 1));
        Assert.Null(watch.Exceeded(0, 100 * 256, 4 * 256, 256));
    }

    [Fact]
    public void Exceeded_BoundThatEqualsTheRate_IsNotBelowIt() => Assert.Null(new SaturationWatch(0.01).Exceeded(0, 3, 3, 1));

    [Fact]
    public void Exceeded_NoReads_TellsNothing() => Assert.Null(new SaturationWatch(0).Exceeded(0, 0, 0, 1));

    [Fact]
    public void Exceeded_AfterARefusal_TheNextGoodCallPasses()
    {
        var watch = new SaturationWatch(0.01);
        Assert.NotNull(watch.Exceeded(0, 64, 64, 1));
        Assert.Null(watch.Exceeded(0, 64, 0, 1));
    }

    [Theory]
    [InlineData(116, false)]
    [InlineData(118, true)]
    public void Exceeded_SteadyShare_IsRefusedInAPoolFrom117OfTenThousand(int saturated, bool refused)
    {
        var watch = new SaturationWatch(0.01);
        bool seen = false;
        for (int call = 0; call < 40; call++)
        {
            seen |= watch.Exceeded(0, 10_000, saturated, 1) is not null;
        }

        Assert.Equal(refused, seen);
    }

    [Fact]
    public void Exceeded_SmallExcessInEveryCall_IsSeenOverTheCalls()
    {
        // 2 of 64: KL(1/32 || 1/100) is 0.0146 nats a product, and 13.8 nats are asked for: 946 products, the fifteenth call.
        var watch = new SaturationWatch(0.01);
        for (int call = 1; call < 15; call++)
        {
            Assert.Null(watch.Exceeded(0, 64, 2, 1));
        }

        Assert.Equal(new SaturationWatch.Share(15, 960, 30, 960, 30), watch.Exceeded(0, 64, 2, 1));
    }

    [Fact]
    public void Exceeded_AfterALongGoodPast_SeesTheChangeWithinTwoPools()
    {
        var watch = new SaturationWatch(0.01);
        for (int call = 0; call < 10_000; call++)
        {
            Assert.Null(watch.Exceeded(0, 1_000, 0, 1));
        }

        long products = 0;
        while (watch.Exceeded(0, 1_000, 20, 1) is null)
        {
            products += 1_000;
        }

        Assert.InRange(products, 1_000, 2 * SaturationWatch.PooledProducts);
    }

    [Fact]
    public void Exceeded_OtherBlockOrProgrammedAnew_StartsFromNothing()
    {
        var watch = new SaturationWatch(0.01);
        for (int call = 1; call < 15; call++)
        {
            Assert.Null(watch.Exceeded(0, 64, 2, 1));
        }

        Assert.Null(watch.Exceeded(1, 64, 2, 1));
        watch.Clear();
        Assert.Null(watch.Exceeded(0, 64, 2, 1));
    }

    [Fact]
    public async Task GuardedDevice_OneClippedReadOfFew_PassesUntilTheCallsTogetherShowTooMany()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar), 1) with { AdcBits = 8, AdcFullScale = 8 };
        await using var device = new GuardedDevice(new SimulatedDevice(options), new GuardOptions(), TimeProvider.System);
        BlockProgram block = SimulatedBench.Block(0, 12, 4, (_, column) => column == 3 ? 1 : 0);
        await device.ArmAsync(1, default);
        await device.ProgramAsync([block], default);
        float[] inputs = new float[10 * 12];
        inputs.AsSpan(0, 12).Fill(1);
        var request = new ExecuteRequest(0, 10, inputs, new float[40]);

        // Told by the share of the inputs that come: the first vector's last column reads 12 where the range ends at 8: 1 of 40. KL(1/40 || 1/100) is 0.00802 nats a product, 13.8 are asked for: 1,722 products.
        for (int call = 1; call < 44; call++)
        {
            Assert.Equal(1, (await device.ExecuteAsync(request, default)).SaturatedReads);
        }

        DeviceException error = await Assert.ThrowsAsync<DeviceException>(async () => await device.ExecuteAsync(request, default));
        Assert.Equal(DeviceFault.Saturated, error.Fault);
        Assert.Contains("44 of 1760 reads of the last 44 calls hit the end of the converter's range +-8 dot-product units (2.5 %), allowed are 1 %", error.Message, StringComparison.Ordinal);
        Assert.Equal(44, device.Counts.SaturatedReads);

        Assert.Equal(1, (await device.ExecuteAsync(request, default)).SaturatedReads);
    }

    // P(Binomial(n, p) >= from), summed from the smallest term on.
    private static double Tail(int n, double p, long from)
    {
        double sum = 0;
        for (long k = n; k >= from; k--)
        {
            double log = k * Math.Log(p) + (n - k) * Math.Log(1 - p);
            sum += Math.Exp(log + LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k));
        }

        return sum;
    }

    private static readonly double[] _logFactorials = [.. LogFactorials(50_000)];

    private static double LogFactorial(long n) => _logFactorials[n];

    private static IEnumerable<double> LogFactorials(int most)
    {
        double sum = 0;
        yield return sum;
        for (int i = 1; i <= most; i++)
        {
            sum += Math.Log(i);
            yield return sum;
        }
    }
}
