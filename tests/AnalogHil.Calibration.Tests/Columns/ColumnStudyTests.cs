using AnalogHil.Calibration.Columns;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Columns;

public sealed class ColumnStudyTests(ITestOutputHelper output)
{
    [Fact]
    public void Of_EightHundredAndEightReads_BringFivePercentPerColumn()
    {
        // 808 reads of each of 256 columns; with their means in calls of 808 and in calls of 256 (4 means).
        var random = new Random(41);
        foreach (int means in (int[])[1, 4])
        {
            ColumnStudy study = ColumnStudy.Of(Draw(random, 256, 808 - means, _ => 1));
            int covered = study.Columns.Count(column => column.Sigma.Interval.Contains(1));
            int all = study.Columns.Count(column => column.Simultaneous.Contains(1));
            (int low, int high) = BinomialBand.TwoSided(256, 0.95, 0.999);
            output.WriteLine($"{means} means: mean half-width {study.MeanRelativeHalfWidth:P2}, simultaneous {study.Columns.Average(c => c.Simultaneous.HalfWidth / c.Sigma.Value):P2}; {covered} of 256 cover ({low} .. {high}), {all} at once; seed 41");
            Assert.InRange(study.MeanRelativeHalfWidth, 0.045, 0.05);
            Assert.InRange(covered, low, high);
            Assert.True(all >= 254);
        }
    }

    [Fact]
    public void Of_EqualColumns_ShrunkIntervalsAreNarrowerAndCover()
    {
        // Coverage of 40 tiles x 64 columns; columns of a tile share its mean, so the band is widened to that of 640 independent ones.
        int covered = 0;
        int shrunk = 0;
        double ratio = 0;
        var random = new Random(42);
        for (int tile = 0; tile < 40; tile++)
        {
            ColumnStudy study = ColumnStudy.Of(Draw(random, 64, 400, _ => 1));
            if (!study.Homogeneous)
            {
                Assert.All(study.Columns, column => Assert.Null(column.Shrunk));
                continue;
            }

            shrunk += 64;
            covered += study.Columns.Count(column => column.Shrunk!.Interval.Contains(1));
            ratio += study.Columns.Average(column => column.Shrunk!.Interval.Width / column.Sigma.Interval.Width);
        }

        output.WriteLine($"{covered} of {shrunk} cover, width {ratio / shrunk * 64:F2} of the own interval, seed 42");
        Assert.InRange((double)covered / shrunk, 0.925, 1);
        Assert.InRange(ratio / shrunk * 64, 0.1, 0.75);
    }

    [Fact]
    public void Of_SpreadTooSmallToReject_StillCovers()
    {
        // Sigmas 2 % apart among themselves, each known to 3.5 %: homogeneity is seldom rejected, and every column's own truth has to be covered.
        var random = new Random(43);
        int covered = 0;
        int shrunk = 0;
        int rejected = 0;
        for (int tile = 0; tile < 40; tile++)
        {
            double[] truth = [.. Enumerable.Range(0, 64).Select(_ => Math.Exp(0.02 * Synthetic.Normal(random)))];
            ColumnStudy study = ColumnStudy.Of(Draw(random, 64, 400, c => truth[c]));
            rejected += study.Homogeneous ? 0 : 1;
            shrunk += study.Homogeneous ? 64 : 0;
            covered += study.Columns.Count(column => column.Shrunk?.Interval.Contains(truth[column.Column]) ?? false);
        }

        output.WriteLine($"{covered} of {shrunk} cover, homogeneity rejected on {rejected} of 40 tiles, seed 43");
        Assert.InRange((double)covered / shrunk, 0.925, 1);
    }

    [Fact]
    public void Of_UnequalColumns_AreNotShrunk()
    {
        var random = new Random(44);
        ColumnStudy study = ColumnStudy.Of(Draw(random, 64, 400, c => 1 + 0.1 * (c % 3)));
        Assert.False(study.Homogeneous);
        Assert.All(study.Columns, column => Assert.Null(column.Shrunk));
        Assert.InRange(study.SpreadLimit, 0.06, 0.13);
    }

    [Fact]
    public void Of_FewReads_SigmaIsUnbiased()
    {
        // Means of 5000 columns with 4 degrees of freedom: s is 6 % low, the standard error of the mean 0.5 %.
        var random = new Random(45);
        ColumnStudy study = ColumnStudy.Of(Draw(random, 5000, 4, _ => 2));
        Assert.Equal(2, study.Columns.Average(column => column.Sigma.Value), 0.05);
    }

    private static ColumnVariance[] Draw(Random random, int columns, double dof, Func<int, double> sigma) =>
        [.. Enumerable.Range(0, columns).Select(c => new ColumnVariance(0, c, sigma(c) * sigma(c) * ChiSquared.Sample(random, dof) / dof, dof))];
}
