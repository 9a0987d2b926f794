using AnalogHil.Calibration.Columns;
using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Measured;

/// <summary>Conductances of 1,024 resistive cells at 32 levels, after programming and after 30 minutes at 80 C (Levy et al. 2021): spread between cells,
/// which no repeat of a read removes.</summary>
public sealed class RramConductanceTests(ITestOutputHelper output)
{
    private const string Before = "rram/retention/relaxation-prebake.csv.gz";
    private const string After = "rram/retention/relaxation-postbake.csv.gz";

    [MeasuredFact(Before, After)]
    public void Study_BeforeAndAfterTheBake_SpreadGrows()
    {
        double[][] first = Levels(MeasuredData.Find(Before)!);
        double[][] second = Levels(MeasuredData.Find(After)!);
        int[] upper = [.. Enumerable.Range(1, 20)];
        (double robustBefore, double plainBefore, ColumnStudy studyBefore) = Study(first, upper);
        (double robustAfter, double plainAfter, ColumnStudy studyAfter) = Study(second, upper);
        HuberScale pooledBefore = HuberScale.Of([.. upper.Select(level => first[level])]);
        HuberScale pooledAfter = HuberScale.Of([.. upper.Select(level => second[level])]);
        Interval ratio = VarianceRatioInterval.Of(
            pooledAfter.Value * pooledAfter.Value, pooledAfter.EffectiveDegreesOfFreedom, pooledBefore.Value * pooledBefore.Value, pooledBefore.EffectiveDegreesOfFreedom);
        output.WriteLine($"levels 1 to 20, 32 cells each, median over levels of Qn: {robustBefore:F2} uS before, {robustAfter:F2} uS after; of the sample's standard deviation: {plainBefore:F2}, {plainAfter:F2}");
        output.WriteLine($"Huber, all levels about their own mean: {pooledBefore.Value:F2} uS before, {pooledAfter.Value:F2} after; ratio of standard deviations {Math.Sqrt(ratio.Low):F2} .. {Math.Sqrt(ratio.High):F2}");
        output.WriteLine($"equal spread at all levels: probability {studyBefore.Homogeneity!.Probability:G2} before, {studyAfter.Homogeneity!.Probability:G2} after; spread between levels up to {studyBefore.SpreadLimit:P0} and {studyAfter.SpreadLimit:P0}");

        // By the median absolute deviation the data set's description gives 4.5 and 7.2 uS over levels 1 to 31; the high levels are closer to Gaussian.
        Assert.InRange(robustBefore, 3, 6.5);
        Assert.InRange(robustAfter, 5, 10);
        Assert.True(ratio.Low > 1);
    }

    private static (double Robust, double Plain, ColumnStudy Study) Study(double[][] levels, int[] used)
    {
        ColumnVariance[] variances = [.. used.Select(level => new ColumnVariance(0, level, Variance(levels[level]), levels[level].Length - 1))];
        return (Median([.. used.Select(level => QnScale.Of(levels[level]))]), Median([.. variances.Select(v => Math.Sqrt(v.Variance))]), ColumnStudy.Of(variances));
    }

    // Line i holds level (i + i / 32) mod 32, in ohm.
    private static double[][] Levels(string path)
    {
        double[] conductances = [.. MeasuredData.Rows(path).Select(row => 1e6 / row[0])];
        return [.. Enumerable.Range(0, 32).Select(level => conductances.Where((_, i) => (i + i / 32) % 32 == level).ToArray())];
    }

    private static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
