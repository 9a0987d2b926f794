using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class LineStudyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task LineStudy_StraightDevices_GainsCoverAndNoColumnIsBent()
    {
        // Gains in the 99.9 % band; any bent column in 1 % of devices: more than 3 of 20 in 0.004 % of suites.
        const int runs = 20;
        int gains = 0;
        int bent = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(StaticDevices.Crossbar(), 9100 + run);
            LineStudy study = LineStudy.Of(await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], vectors: 128)));
            gains += study.Columns.Count(column => column.Gain.Interval.Contains(device.Truth.Gain[0][column.Column]));
            bent += study.Columns.Any(column => column.Bent) ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(16 * runs, 0.95, 0.999);
        output.WriteLine($"{gains} of {16 * runs} gains cover (band {low} .. {high}); a column called bent in {bent} of {runs}; seeds 9100 ..");
        Assert.InRange(gains, low, high);
        Assert.InRange(bent, 0, 3);
    }

    [Fact]
    public async Task LineStudy_SlowNoiseOnStraightDevices_BendsNoColumn()
    {
        // 1/f noise up to 200 us while a call takes 0.8 us and a sweep 7: reads of a call say little of how well its mean is known. Any bent column in 1 % of
        // devices: more than 3 of 20 in 0.004 % of suites.
        const int runs = 20;
        int bent = 0;
        int bentByOnePass = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(
                new CrossbarCells
                {
                    Lumped = new() { ReadNoiseMicrosiemens = 2, ReceiverNoiseNanoamperes = 1500 },
                    FlickerShare = 0.6,
                    FlickerFastMicroseconds = 0.05,
                    FlickerSlowMicroseconds = 200,
                },
                9150 + run);
            ArchivedReads reads = await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], levels: 9, vectors: 8, passes: 4), 8);
            LineStudy study = LineStudy.Of(reads);
            bent += study.Columns.Any(column => column.Bent) ? 1 : 0;
            bentByOnePass += LineStudy.Of(await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], levels: 9, vectors: 32), 32))
                .Columns.Any(column => column.Bent) ? 1 : 0;
        }

        output.WriteLine($"a column called bent in {bent} of {runs}, in {bentByOnePass} with one pass; seeds 9150 ..");
        Assert.InRange(bent, 0, 3);
        Assert.True(bentByOnePass > 3, "the device's noise is not slow enough to show anything");
    }

    [Theory]
    [InlineData(4, 8, 27, 0)]
    [InlineData(1, 4, 27, 1)]
    public async Task LineStudy_TwentySevenDegreesOfFreedom_BoundsNonlinearityByStudentsLawAndWarnsOfOnePass(int passes, int vectors, double dof, int warnings)
    {
        // Both half-widths rest on one variance estimate: the gain's is t(0.975) s / sqrt(r S), the nonlinearity's t(Sidak over 9) s / sqrt(r), S the sum of
        // squares of the products, so that their ratio holds no noise; of straight columns, whose gain rests on that estimate. Exact inputs.
        const int levels = 9;
        await using SimulatedDevice device = await Cells.OpenAsync(StaticDevices.Crossbar(), 9160, change: options => options with { DacBits = 0 });
        ArchivedReads reads = await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], levels, vectors, passes), vectors);
        LineStudy study = LineStudy.Of(reads);
        double[] products = [.. reads.Series.Select(series => LineSweep.Product(series.Description)).Distinct()];
        double squares = products.Sum(product => Math.Pow(product - products.Average(), 2));
        double joint = StudentT.InvCDF(0, 1, dof, 0.5 * (1 + Math.Pow(0.95, 1.0 / levels))) / StudentT.InvCDF(0, 1, dof, 0.975);
        ColumnLine[] straight = [.. study.Columns.Where(column => column.Probability > LineStudy.FamilyLevel * study.Columns.Length)];
        output.WriteLine($"{straight.Length} straight columns; {string.Join("; ", study.Warnings)}; seed 9160");
        Assert.NotEmpty(straight);
        Assert.All(straight, column => Assert.Equal(
            joint,
            (column.Nonlinearity.Interval.High - column.Nonlinearity.Value) / (column.Gain.Interval.High - column.Gain.Value) / Math.Sqrt(squares),
            1e-6));
        Assert.Equal(warnings, study.Warnings.Count(warning => warning.Contains("too few calls apart in time", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LineStudy_ConvertersBentByOnePercent_AllColumnsAreNamedWithinTheirBounds()
    {
        // An S-shape and a bow of peak 1 % of 48 mix to at most sqrt(2) times it; the line fitted takes up to two thirds of an S off.
        await using SimulatedDevice device = await Cells.OpenAsync(StaticDevices.Crossbar() with { AdcInl = 0.01 }, 9200, rows: 64);
        LineStudy study = LineStudy.Of(await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], vectors: 1024)));
        output.WriteLine(string.Join(", ", study.Columns.Select(column =>
            $"{column.Nonlinearity.Value:F3} [{column.Nonlinearity.Interval.Low:F3}, {column.Nonlinearity.Interval.High:F3}]")) + "; seed 9200");
        Assert.All(study.Columns, column => Assert.True(column.Bent));
        Assert.All(study.Columns, column => Assert.InRange(column.Nonlinearity.Value, 0.1, 0.48 * Math.Sqrt(2)));
    }
}
