using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Columns;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Columns;

public sealed class SpaceAveragingTests(ITestOutputHelper output)
{
    private const int Columns = 16;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0, 0.7)]
    [InlineData(0.5, 0.7)]
    public void Of_KnownShares_CoversTheWorthOfEveryNumberOfColumns(double common, double neighbours)
    {
        // Variance of one column 1 + common^2 + neighbours^2; pairs of neighbours share the last. 40 archives of 256 vectors at 95 %: 99.9 % band 32 .. 40 for
        // each of four K. Neighbours that share nothing are claimed at 1 %: above 3 of 40 in 0.07 %; those that share a third of the variance, always.
        const int runs = 40;
        var random = new Random(60);
        int[] covered = new int[5];
        int claimed = 0;
        double mean = 0;
        for (int run = 0; run < runs; run++)
        {
            SpaceAveraging found = SpaceAveraging.Of(Archive(random, common, neighbours), "dark", alternating: false);
            Assert.Equal([1, 2, 4, 8, 16], found.Points.Select(point => point.K));
            for (int i = 0; i < 5; i++)
            {
                covered[i] += found.Points[i].Effective.Interval.Contains(Worth(1 << i, common, neighbours)) ? 1 : 0;
            }

            claimed += found.NeighboursShare ? 1 : 0;
            mean += found.Points[4].Effective.Value / runs;
        }

        output.WriteLine($"K_eff covered in {string.Join(", ", covered)} of {runs} (K = 1, 2 .. 16); mean K_eff(16) {mean:F2}, truth "
            + $"{Worth(16, common, neighbours):F2}; neighbours claimed in {claimed}; seed 60");
        Assert.Equal(runs, covered[0]);
        Assert.All(covered.Skip(1), count => Assert.InRange(count, 32, runs));
        Assert.InRange(claimed, neighbours > 0 ? runs : 0, neighbours > 0 ? runs : 3);
    }

    [Fact]
    public void Of_OneUsableColumn_IsRefused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => SpaceAveraging.Of(Archive(new Random(61), 0, 0), "full"));
        Assert.Contains("no single reads on two usable columns", refused.Message, StringComparison.Ordinal);
    }

    private static double Worth(int k, double common, double neighbours)
    {
        (double c, double g) = (common * common, neighbours * neighbours);
        return (1 + c + g) / (c + (k == 1 ? g : 2 * g / k) + 1.0 / k);
    }

    private static ArchivedReads Archive(Random random, double common, double neighbours)
    {
        const int vectors = 256;
        float[] reads = new float[vectors * Columns];
        for (int v = 0; v < vectors; v++)
        {
            double all = common * Synthetic.Normal(random);
            for (int c = 0; c < Columns; c += 2)
            {
                double pair = neighbours * Synthetic.Normal(random);
                reads[v * Columns + c] = (float)(all + pair + Synthetic.Normal(random));
                reads[v * Columns + c + 1] = (float)(all + pair + Synthetic.Normal(random));
            }
        }

        var provenance = new ArchiveProvenance(
            new DeviceIdentity("made-up", DeviceArchitecture.Crossbar, "", "", "boot"), Synthetic.FullScale, 0, Columns, 1, "test", DateTimeOffset.UnixEpoch);
        var description = new SeriesDescription("dark", "dark", Synthetic.Corners[0].Conditions, 1, RedundancyMode.ReadAndAverage, Columns);
        return new ArchivedReads(
            provenance, [new ArchivedSeries(description, [new ReadSegment(0, 0, 0, vectors, 0)], reads)], ReadoutCorrection.None(1, Columns), []);
    }
}
