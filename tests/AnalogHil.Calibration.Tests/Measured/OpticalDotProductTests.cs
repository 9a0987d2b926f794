using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Measured;

/// <summary>Dot products computed by light and read by a photon counter (Wang et al. 2022): noise that grows with the signal, as direct detection has
/// it.</summary>
public sealed class OpticalDotProductTests(ITestOutputHelper output)
{
    private const string Table = "optical/fc0_dotproducts.csv";

    // Variances in mV^2: a constant has the shape of thermal noise, the signal (mV) that of direct-detection shot noise.
    private static readonly DeviceFullScale FullScale = new(1, 1, 1, 0);

    [MeasuredFact(Table)]
    public void Fit_OpticalReads_HaveAFloorAndAShotPart()
    {
        double[][] rows = [.. MeasuredData.Rows(MeasuredData.Find(Table)!)];
        double dark = rows.Where(row => row[1] == -1).Average(row => 1000 * row[3]);
        (double Signal, double Residual)[] residuals = [.. rows.Where(row => row[1] >= 0).GroupBy(row => row[1]).SelectMany(neuron => Residuals([.. neuron], dark))];
        MixResult single = Fit([.. residuals.Select((r, i) => Observation($"{i}", r.Signal, [r]))]);
        MixResult binned = Fit([.. residuals.OrderBy(r => r.Signal).Chunk(100).Select((bin, i) => Observation($"bin {i}", bin.Average(r => r.Signal), bin))]);
        foreach ((string name, MixResult result) in (ValueTuple<string, MixResult>[])[("read by read", single), ("20 bins", binned)])
        {
            Estimate floor = result.Terms[0].Sigma;
            Estimate shot = result.Terms[1].Sigma;
            output.WriteLine($"{name}: sqrt(c) = {floor.Value:F3} mV [{floor.Interval.Low:F3}, {floor.Interval.High:F3}]; a = {shot.Value * shot.Value / 1000:E3} V [{Math.Pow(shot.Interval.Low, 2) / 1000:E3}, {Math.Pow(shot.Interval.High, 2) / 1000:E3}]; "
                + $"n = {floor.N}; shot ratio {result.Terms[1].LikelihoodRatio:F0}; condition {result.ConditionNumber:F1}");
        }

        output.WriteLine($"bins: misfit {binned.Misfit:F1} with {binned.MisfitDof} degrees of freedom, probability {binned.MisfitProbability:F3}; dark {dark:F2} mV");

        // The data set's own maximum likelihood: a = (1.85 +- 0.13)e-4 V, sqrt(c) = 0.63 +- 0.13 mV (bootstrap); three of its errors.
        Assert.Equal(1.85e-4, Math.Pow(single.Terms[1].Sigma.Value, 2) / 1000, 3 * 0.13e-4);
        Assert.Equal(0.63, single.Terms[0].Sigma.Value, 3 * 0.13);
        Assert.True(single.Terms.All(term => term.Present));
        Assert.Equal(single.Terms[1].Sigma.Value, binned.Terms[1].Sigma.Value, 0.02);
    }

    private static MixResult Fit(MixObservation[] observations) => MixFit.Fit(observations, FullScale, [MixTerm.Thermal, MixTerm.ShotDirect]);

    // A line per neuron takes 2 of its 20 reads.
    private static MixObservation Observation(string name, double signal, (double Signal, double Residual)[] reads) => new(
        name, new ProbeConditions(1, 0, signal, 0, 0), reads.Average(r => r.Residual * r.Residual) / 0.9, 0.9 * reads.Length, 0, reads.Length);

    private static IEnumerable<(double Signal, double Residual)> Residuals(double[][] neuron, double dark)
    {
        double x = neuron.Average(row => row[2]);
        double y = neuron.Average(row => 1000 * row[3]);
        double slope = neuron.Sum(row => (row[2] - x) * (1000 * row[3] - y)) / neuron.Sum(row => (row[2] - x) * (row[2] - x));
        return neuron.Select(row => (Math.Max(0, y + slope * (row[2] - x) - dark), 1000 * row[3] - y - slope * (row[2] - x)));
    }
}
