using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>Processes with memory, entry by entry, against their own theory.</summary>
public sealed class SlowNoiseTests(ITestOutputHelper output)
{
    private const int Entries = 64;

    [Fact]
    public void Telegraph_Dwells_AreGeometricWithTheTimesOfTheTrap()
    {
        // tau = 20 reads, upper state 30 %: left with p (1 - 0.3), entered with p 0.3, p = 1 - exp(-1 / 20). Five standard errors of a mean of
        // geometric numbers and of their variance (kurtosis of an exponential): false alarm 2E-6 for the four.
        const ulong seed = 51;
        float[][] traces = Trace(new SlowState(20, Amplitudes(1), null, 0.3), seed, 20_000);
        double refresh = 1 - Math.Exp(-1 / 20.0);
        foreach ((bool up, double leave) in new[] { (true, 0.7 * refresh), (false, 0.3 * refresh) })
        {
            double[] dwells = [.. traces.SelectMany(trace => Dwells(trace, up))];
            double mean = dwells.Average();
            double variance = dwells.Average(dwell => (dwell - mean) * (dwell - mean));
            double expected = (1 - leave) / (leave * leave);
            output.WriteLine($"seed {seed}, {(up ? "up" : "down")}: dwell {mean:F2} (expected {1 / leave:F2}), variance {variance:F1} (expected {expected:F1}), n {dwells.Length}");
            Assert.InRange(mean, 1 / leave - 5 * Math.Sqrt(expected / dwells.Length), 1 / leave + 5 * Math.Sqrt(expected / dwells.Length));
            Assert.InRange(variance / expected, 1 - 5 * Math.Sqrt(8.0 / dwells.Length), 1 + 5 * Math.Sqrt(8.0 / dwells.Length));
        }
    }

    [Fact]
    public void Telegraph_Spectrum_IsTheLorentzianOfItsCorrelationTime()
    {
        const ulong seed = 52;
        const int reads = 4096;
        float[][] traces = Trace(new SlowState(20, Amplitudes(1), null, 0.3), seed, reads);
        double correlation = Math.Exp(-1 / 20.0);
        foreach (int[] band in new[] { new[] { 4, 12 }, [28, 44], [120, 180], [900, 1100] })
        {
            // Mean of 64 x bins exponential numbers; entries are independent, bins nearly so.
            double ratio = Enumerable.Range(band[0], band[1] - band[0]).Average(bin =>
                traces.Average(trace => Power(trace, bin)) / ExpectedPower(reads, bin, lag => 0.21 * Math.Pow(correlation, lag)));
            double error = 1 / Math.Sqrt(Entries * (band[1] - band[0]));
            output.WriteLine($"seed {seed}, bins {band[0]} to {band[1]}: spectrum over Lorentzian {ratio:F3} +- {error:F3}");
            Assert.InRange(ratio, 1 - 5 * error, 1 + 5 * error);
        }
    }

    [Fact]
    public void Flicker_Spectrum_FallsAsOneOverF()
    {
        // Stages from 2 to 20000 reads: between 1 / (2 pi 20000) and 1 / (2 pi 2) per read the spectrum is 1 / f. Slope of ln S over 2.3 decades.
        const ulong seed = 53;
        const int reads = 16_384;
        double[] times = StageTimes.Between(2, 20_000);
        float[][] traces = Trace(times.Select(time => new SlowState(time, Amplitudes(1 / Math.Sqrt(times.Length)))), seed, reads);
        int[] bins = [.. Enumerable.Range(0, 60).Select(i => (int)Math.Round(3 * Math.Pow(200, i / 59.0))).Distinct()];
        double[] x = [.. bins.Select(bin => Math.Log(bin))];
        double[] y = [.. bins.Select(bin => Math.Log(traces.Average(trace => Power(trace, bin))))];
        double centre = x.Average();
        double slope = x.Zip(y, (a, b) => (a - centre) * b).Sum() / x.Sum(a => (a - centre) * (a - centre));

        // ln of a mean of 64 exponential numbers has deviation 1 / 8.
        double error = 1 / Math.Sqrt(Entries) / Math.Sqrt(x.Sum(a => (a - centre) * (a - centre)));
        output.WriteLine($"seed {seed}: slope {slope:F3} +- {error:F3} over {bins.Length} bins");
        Assert.InRange(slope, -1 - 5 * error - 0.03, -1 + 5 * error + 0.03);
    }

    [Fact]
    public void Flicker_AtAnyTime_HasTheVarianceOfAllItsStages()
    {
        // Stationary from the first read on, about zero: 4 x 64 independent entries.
        double[] times = StageTimes.Between(2, 20_000);
        double[] ratios = [.. Enumerable.Range(55, 4).SelectMany(seed =>
            Trace(times.Select(time => new SlowState(time, Amplitudes(1 / Math.Sqrt(times.Length)))), (ulong)seed, 4096)
                .Select(trace => trace.Average(value => (double)value * value)))];
        CellBench.AssertRatio(ratios, "variance of 1/f noise, seeds 55 to 58", output);
    }

    [Fact]
    public void Remaining_MixtureOfAll_IsTheVarianceOfTheMean()
    {
        const ulong seed = 54;
        const int repeats = 32;
        double[] times = StageTimes.Between(3, 300);
        float[][] traces = Trace(times.Select(time => new SlowState(time, Amplitudes(1 / Math.Sqrt(times.Length)))), seed, 1 << 15);
        double expected = StageTimes.Law(times, 1).Remaining(repeats);
        CellBench.AssertRatio(
            [.. traces.Select(trace => trace.Chunk(repeats).Average(run => Math.Pow(run.Average(), 2)) / expected)], $"Var(mean of {repeats}) over the law, seed {seed}", output);
        Assert.Equal(1, AveragingLaw.White.Remaining(8) * 8, 12);
        Assert.Equal(1, AveragingLaw.Constant.Remaining(8), 12);

        // AR(1) with 0.8 at K = 16: K_eff = 2.44 (../theory of averaging).
        Assert.Equal(2.44, new AveragingLaw([(1, -1 / Math.Log(0.8))]).EffectiveRepeats(16), 0.005);
    }

    private static float[] Amplitudes(double amplitude) => [.. Enumerable.Repeat((float)amplitude, Entries)];

    private static float[][] Trace(SlowState state, ulong seed, int reads) => Trace([state], seed, reads);

    private static float[][] Trace(IEnumerable<SlowState> states, ulong seed, int reads)
    {
        var random = new CellRandom(seed);
        var normals = new NormalStream(GaussianKey.Derive(seed));
        var tile = new SilentTile(CellSites.Small(seed));
        SlowState[] all = [.. states];
        float[][] traces = [.. Enumerable.Range(0, Entries).Select(_ => new float[reads])];
        foreach (SlowState state in all)
        {
            state.Redraw(random, normals);
            state.Skip(0, 1, tile, random, normals);
        }

        for (int read = 0; read < reads; read++)
        {
            foreach (SlowState state in all)
            {
                state.Step(tile, random, normals);
                for (int entry = 0; entry < Entries; entry++)
                {
                    traces[entry][read] += state.Values[entry];
                }
            }
        }

        return traces;
    }

    private static IEnumerable<double> Dwells(float[] trace, bool up)
    {
        int start = -1;
        for (int i = 1; i < trace.Length; i++)
        {
            if ((trace[i] > 0) == (trace[i - 1] > 0))
            {
                continue;
            }

            // Whole dwells only.
            if (start >= 0 && (trace[i - 1] > 0) == up)
            {
                yield return i - start;
            }

            start = i;
        }
    }

    private static double Power(float[] trace, int bin)
    {
        double real = 0;
        double imaginary = 0;
        double step = 2 * Math.PI * bin / trace.Length;

        // Hann's window: without it the slow end leaks over the fast one.
        for (int i = 0; i < trace.Length; i++)
        {
            double value = trace[i] * 0.5 * (1 - Math.Cos(2 * Math.PI * i / trace.Length));
            real += value * Math.Cos(step * i);
            imaginary += value * Math.Sin(step * i);
        }

        return (real * real + imaginary * imaginary) / trace.Length;
    }

    // Exact expectation of the windowed periodogram from the autocovariance.
    private static double ExpectedPower(int reads, int bin, Func<int, double> covariance)
    {
        double[] window = [.. Enumerable.Range(0, reads).Select(i => 0.5 * (1 - Math.Cos(2 * Math.PI * i / reads)))];
        double total = 0;
        for (int lag = 0; lag < 600; lag++)
        {
            double overlap = 0;
            for (int i = lag; i < reads; i++)
            {
                overlap += window[i] * window[i - lag];
            }

            total += (lag == 0 ? 1 : 2) * covariance(lag) * overlap * Math.Cos(2 * Math.PI * bin * lag / reads);
        }

        return total / reads;
    }
}
