using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Drift;
using AnalogHil.Core.Plans;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Drift;

public sealed class ScatterStudyTests(ITestOutputHelper output)
{
    private const int Columns = 16;
    private const int Length = 17;

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 4.75)]
    [InlineData(0, 0.9, 4.42)]
    public void Of_KnownDependence_FindsByHowMuchProbesScatterMore(double common, double memory, double expected)
    {
        // Columns that share half of their variance: 1 + 15 / 4. Reads with the correlation 0.9^k: 16 tr(A^2) / tr(A)^2 of A, their covariance about the mean
        // of 17. 40 archives of 60 pieces: the mean's standard deviation is 2.9 % of it for Gaussian variances, less than 4 % for these; beyond 5 of
        // these in fewer than one of 10,000 suites. The upper limit is above the truth in 70 % for Gaussian variances, in 67 % for the heaviest tails here:
        // fewer than 17 of 40 in one of 1,000.
        const int runs = 40;
        var random = new Random(62);
        double mean = 0;
        int above = 0;
        for (int run = 0; run < runs; run++)
        {
            ProbeScatter found = ScatterStudy.Of("dark", Archive(random, common, memory, 1), [], Tiles(1, 1 + common * common))[0];
            Assert.Equal(59, found.Pieces);
            mean += found.Observed / runs;
            above += found.Factor >= expected ? 1 : 0;
        }

        output.WriteLine($"scatter {mean:F2} on average, expected {expected}; upper limit above it in {above} of {runs}; seed 62");
        Assert.InRange(mean, 0.8 * expected, 1.2 * expected);
        Assert.InRange(above, 17, runs);
    }

    [Fact]
    public void Of_OneTileUnlikeTheOthers_IsTakenByItself()
    {
        // The three alike ones are told apart in 1 % of suites; the seeds are fixed.
        ArchivedSeries quiet = Archive(new Random(63), 0, 0, 3);
        ArchivedSeries loud = Archive(new Random(64), 1, 0, 1);
        ArchivedSeries both = quiet with
        {
            Segments = [.. quiet.Segments, .. loud.Segments.Select((segment, i) => segment with
            {
                Tile = 3, Sequence = quiet.Segments.Length + i, FirstVector = segment.FirstVector + quiet.Reads.Length / Columns,
            })],
            Reads = [.. quiet.Reads, .. loud.Reads],
        };
        Dictionary<int, double[]> variances = Tiles(3, 1);
        variances[3] = Tiles(1, 2)[0];

        Dictionary<int, ProbeScatter> found = ScatterStudy.Of("dark", both, [], variances);

        output.WriteLine(string.Join("; ", found.Values));
        Assert.Equal(59, found[3].Pieces);
        Assert.Equal([177L, 177L, 177L], Enumerable.Range(0, 3).Select(tile => found[tile].Pieces));

        // 1 and 4.75, their standard deviations 11 % and 21 %: five of them.
        Assert.InRange(found[0].Observed, 0.45, 1.55);
        Assert.InRange(found[3].Observed, 2, 9.8);
    }

    [Fact]
    public void Of_FewPieces_SaysNothing()
    {
        ArchivedSeries few = Archive(new Random(65), 1, 0, 1);
        ProbeScatter found = ScatterStudy.Of("dark", few with { Segments = [.. few.Segments.Take(8)] }, [], Tiles(1, 2))[0];
        Assert.Equal((1.0, 0L), (found.Factor, found.Pieces));
    }

    private static Dictionary<int, double[]> Tiles(int count, double variance) =>
        Enumerable.Range(0, count).ToDictionary(tile => tile, _ => Enumerable.Repeat(variance, Columns).ToArray());

    private static ArchivedSeries Archive(Random random, double common, double memory, int tiles)
    {
        const int pieces = 60;
        float[] reads = new float[tiles * pieces * Length * Columns];
        double[] slow = new double[Columns];
        for (int v = 0; v < tiles * pieces * Length; v++)
        {
            double all = common * Synthetic.Normal(random);
            for (int c = 0; c < Columns; c++)
            {
                slow[c] = v == 0 ? Synthetic.Normal(random) : memory * slow[c] + Math.Sqrt(1 - memory * memory) * Synthetic.Normal(random);
                reads[v * Columns + c] = (float)(all + slow[c]);
            }
        }

        return new ArchivedSeries(
            new SeriesDescription("dark", "dark", Synthetic.Corners[0].Conditions, 1, RedundancyMode.ReadAndAverage, Columns),
            [.. Enumerable.Range(0, tiles * pieces).Select(i => new ReadSegment(i, i / pieces, i * Length, Length, 0))],
            reads);
    }
}
