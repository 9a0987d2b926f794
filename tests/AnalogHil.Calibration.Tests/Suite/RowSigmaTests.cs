using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Suite;

public sealed class RowSigmaTests(ITestOutputHelper output) : IDisposable
{
    private readonly SuiteRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task RunAsync_CellsThatAreAlike_EveryGroupCoversTheirSigma()
    {
        // 4 devices x 2 tiles x 16 groups of 2 rows; the dark reads are common to the groups of a tile, so the count is judged by halves of the tiles: 99.9
        // %.
        int covered = 0;
        int groups = 0;
        for (int seed = 15600; seed < 15604; seed++)
        {
            await using SimulatedDevice device = await SuiteRuns.OpenAsync(seed);
            SuiteOutcome outcome = await SuiteRuns.RunAsync(device, _runs.Folder($"rows{seed}"), options: SuiteRuns.Quick with { Routines = ["row-sigma"] });
            ColumnMap map = Assert.Single(outcome.Results["row-sigma"].Maps);
            double sigma = device.Truth.Terms[NoiseTerm.Weight].Sigma;
            double truth = sigma * Math.Sqrt(new ProbeConditions(32, 2, 2, 32, 0).Shape(MixTerm.Weight, device.Capabilities.FullScale));
            groups += map.Value.Length;
            covered += Enumerable.Range(0, map.Value.Length).Count(i => map.Low[i] <= truth && truth <= map.High[i]);
        }

        (int low, int high) = BinomialBand.TwoSided(groups / 2, 0.95, 0.999);
        output.WriteLine($"{covered} of {groups} groups covered, seeds 15600 ..");
        Assert.Equal(128, groups);
        Assert.InRange(covered / 2, low, high);
    }
}
