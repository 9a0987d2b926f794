using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class CrosstalkTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public async Task Crosstalk_RingLines_MapFollowsTheRings(double correction)
    {
        // Wavelengths a quarter as far apart as usual, where neighbours are seen. Two intervals at 99.9 %, a family of 8 claims at 1 %.
        var physics = new RingCells
        {
            Lumped = new() { AmplifierNoiseNanoamperes = 100, TuningError = 0 },
            CrosstalkCorrection = correction,
            SpacingNanometres = 0.4,
        };
        await using SimulatedDevice device = await Cells.OpenAsync(physics, 9500, rows: 16, columns: 16);
        var plan = CrosstalkStudy.Plan(device.Capabilities, [0], 256);
        CrosstalkStudy study = CrosstalkStudy.Of(await Cells.ReadAsync(device, plan), confidence: 0.999);
        double[] truth = await NeighbourAsync(device, plan);
        output.WriteLine($"correction {correction}: "
            + string.Join("; ", study.Distances.Select(d =>
                $"{d.Distance:+0;-0}: {d.Share.Value:F5} [{d.Share.Interval.Low:F5}, {d.Share.Interval.High:F5}] p {d.Probability:G2}"))
            + $"; rings at +1 {truth[0]:F5}, at -1 {truth[1]:F5}; seed 9500");
        if (correction == 1)
        {
            Assert.All(study.Distances, distance => Assert.False(distance.Significant));
            return;
        }

        Assert.True(study.Distances.Single(d => d.Distance == 1).Significant);
        Assert.True(study.Distances.Single(d => d.Distance == 1).Share.Interval.Contains(truth[0]));
        Assert.True(study.Distances.Single(d => d.Distance == -1).Share.Interval.Contains(truth[1]));
    }

    private static async Task<double[]> NeighbourAsync(SimulatedDevice device, IReadOnlyList<PlannedSeries> plan)
    {
        double[][] shares = [[], []];
        int rows = device.Capabilities.Rows;
        var weights = new double[2][,];
        foreach ((int set, float[] program) in new[] { (0, plan[0].Pattern.Weights), (1, plan[^1].Pattern.Weights) })
        {
            await device.ProgramAsync([new(0, rows, device.Capabilities.Columns, program, [new(0, 0, 0)])], default);
            weights[set] = new double[rows, device.Capabilities.Columns];
            for (int row = 0; row < rows; row++)
            {
                float[] one = new float[rows];
                one[row] = 1;
                var truth = device.TruthOf(0, one);
                for (int c = 0; c < device.Capabilities.Columns; c++)
                {
                    weights[set][row, c] = truth[c].Mean;
                }
            }
        }

        for (int c = 0; c < device.Capabilities.Columns; c++)
        {
            int site = c * 7 % rows;
            double own = weights[1][site, c] - weights[0][site, c];
            foreach ((int i, int row) in new[] { (0, site + 1), (1, site - 1) })
            {
                if (row >= 0 && row < rows)
                {
                    shares[i] = [.. shares[i], (weights[1][row, c] - weights[0][row, c]) / own];
                }
            }
        }

        return [shares[0].Average(), shares[1].Average()];
    }
}
