using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class StaticRoutineTests(ITestOutputHelper output)
{
    [Fact]
    public async Task DarkStudy_TwentyDevices_OffsetsAndSigmasCover()
    {
        // 320 columns, bands at 99.9 % each; offsets are said to move at 1 % a device: more than 3 of 20 in 0.004 % of suites.
        const int runs = 20;
        int offsets = 0;
        int sigmas = 0;
        int moving = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 9000 + run);
            ArchivedReads reads = await Cells.ReadAsync(device, [new(Cells.Corner(device, "dark"), [0], 1024)]);
            DarkStudy study = DarkStudy.Of(reads);
            double q = device.Capabilities.QuantiserStep;
            double sigma = device.Truth.Terms[Core.Noise.NoiseTerm.Thermal].Sigma * Math.Sqrt(32 * 16);
            offsets += study.Columns.Count(column => column.Offset.Interval.Contains(device.Truth.Offset[0][column.Column]));
            sigmas += study.Columns.Count(column => column.Sigma.Interval.Contains(Math.Sqrt(Math.Pow(sigma * device.Truth.Gain[0][column.Column], 2) + q * q / 12)));
            moving += study.Moving.Length > 0 ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(16 * runs, 0.95, 0.999);
        output.WriteLine($"offsets {offsets}, sigmas {sigmas} of {16 * runs} cover (band {low} .. {high}); moving in {moving} of {runs}; seeds 9000 ..");
        Assert.InRange(offsets, low, high);
        Assert.InRange(sigmas, low, high);
        Assert.InRange(moving, 0, 3);
    }

    [Fact]
    public async Task LineStudy_StraightDevices_GainsCoverAndNoColumnIsBent()
    {
        // Gains in the 99.9 % band; any bent column in 1 % of devices: more than 3 of 20 in 0.004 % of suites.
        const int runs = 20;
        int gains = 0;
        int bent = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 9100 + run);
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
        await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 9160, change: options => options with { DacBits = 0 });
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
        await using SimulatedDevice device = await Cells.OpenAsync(Crossbar() with { AdcInl = 0.01 }, 9200, rows: 64);
        LineStudy study = LineStudy.Of(await Cells.ReadAsync(device, LineSweep.Plan(device.Capabilities, [0], vectors: 1024)));
        output.WriteLine(string.Join(", ", study.Columns.Select(column => $"{column.Nonlinearity.Value:F3} [{column.Nonlinearity.Interval.Low:F3}, {column.Nonlinearity.Interval.High:F3}]")) + "; seed 9200");
        Assert.All(study.Columns, column => Assert.True(column.Bent));
        Assert.All(study.Columns, column => Assert.InRange(column.Nonlinearity.Value, 0.1, 0.48 * Math.Sqrt(2)));
    }

    [Fact]
    public async Task FixedPattern_TwentyDevices_SpreadCoversAndIsSplitFromReadNoise()
    {
        // Spread of the cells as they are, from the device itself; its interval is that of the ensemble and covers the sample at hand more often. Least count
        // at 99.9 %.
        const int runs = 20;
        int covered = 0;
        long cells = 0;
        long inside = 0;
        double ratio = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 3000, ProgrammingErrorMicrosiemens = 0.4 } }, 9300 + run);
            float[] targets = HadamardSweep.Checkerboard(device.Capabilities);
            ArchivedReads reads = await Cells.ReadAsync(device, HadamardSweep.Plan(device.Capabilities, "pattern", targets, [0], 64));
            FixedPatternStudy study = FixedPatternStudy.Of(reads, "pattern", targets);
            double[,] weights = new double[32, 16];
            float[] one = new float[32];
            for (int row = 0; row < 32; row++)
            {
                one.AsSpan().Clear();
                one[row] = 1;
                var truth = device.TruthOf(0, one);
                for (int c = 0; c < 16; c++)
                {
                    double gain = device.Truth.Gain[0][c];
                    weights[row, c] = truth[c].Mean;
                    inside += Math.Abs(study.Responses[0].Value[row, c] - gain * truth[c].Mean) < 1.959964 * Math.Sqrt(study.Responses[0].Variance(c)) ? 1 : 0;
                    cells++;
                }
            }

            // About the line of every column, as the routine has it: what all cells of a column share is gain.
            double squares = 0;
            for (int c = 0; c < 16; c++)
            {
                double slope = Enumerable.Range(0, 32).Sum(row => weights[row, c] * targets[row * 16 + c]) / Enumerable.Range(0, 32).Sum(row => targets[row * 16 + c] * targets[row * 16 + c]);
                squares += Enumerable.Range(0, 32).Sum(row => Math.Pow(weights[row, c] / slope - targets[row * 16 + c], 2));
            }

            double spread = Math.Sqrt(squares / (31 * 16));
            covered += study.Pattern.Interval.Contains(spread) ? 1 : 0;
            ratio += study.Pattern.Value / spread / runs;
            if (run == 0)
            {
                output.WriteLine($"pattern {study.Pattern.Value:F5} [{study.Pattern.Interval.Low:F5}, {study.Pattern.Interval.High:F5}], cells {spread:F5}, read noise of a cell {study.ReadPart:F5}");
            }
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        (int low, int high) = BinomialBand.TwoSided((int)cells, 0.95, 0.999);
        output.WriteLine($"spread covered in {covered} of {runs} (at least {least}), mean ratio {ratio:F4}; {inside} of {cells} cells within their limits (band {low} .. {high}); seeds 9300 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(inside, low, high);
        Assert.InRange(ratio, 0.98, 1.02);
    }

    [Fact]
    public async Task FixedPattern_NoProgrammingError_LowerLimitIsZero()
    {
        // One-sided 2.5 % a device: more than 4 of 20 in 0.03 % of suites.
        int claimed = 0;
        for (int run = 0; run < 20; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 9400 + run);
            float[] targets = HadamardSweep.Checkerboard(device.Capabilities);
            claimed += FixedPatternStudy.Of(await Cells.ReadAsync(device, HadamardSweep.Plan(device.Capabilities, "pattern", targets, [0], 8)), "pattern", targets).Pattern.Interval.Low > 0 ? 1 : 0;
        }

        output.WriteLine($"a pattern claimed on {claimed} of 20 exact devices; seeds 9400 ..");
        Assert.InRange(claimed, 0, 4);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public async Task Crosstalk_RingLines_MapFollowsTheRings(double correction)
    {
        // Wavelengths a quarter as far apart as usual, where neighbours are seen. Two intervals at 99.9 %, a family of 8 claims at 1 %.
        var physics = new RingCells { Lumped = new() { AmplifierNoiseNanoamperes = 100, TuningError = 0 }, CrosstalkCorrection = correction, SpacingNanometres = 0.4 };
        await using SimulatedDevice device = await Cells.OpenAsync(physics, 9500, rows: 16, columns: 16);
        var plan = CrosstalkStudy.Plan(device.Capabilities, [0], 256);
        CrosstalkStudy study = CrosstalkStudy.Of(await Cells.ReadAsync(device, plan), confidence: 0.999);
        double[] truth = await NeighbourAsync(device, plan);
        output.WriteLine($"correction {correction}: " + string.Join("; ", study.Distances.Select(d => $"{d.Distance:+0;-0}: {d.Share.Value:F5} [{d.Share.Interval.Low:F5}, {d.Share.Interval.High:F5}] p {d.Probability:G2}")) + $"; rings at +1 {truth[0]:F5}, at -1 {truth[1]:F5}; seed 9500");
        if (correction == 1)
        {
            Assert.All(study.Distances, distance => Assert.False(distance.Significant));
            return;
        }

        Assert.True(study.Distances.Single(d => d.Distance == 1).Significant);
        Assert.True(study.Distances.Single(d => d.Distance == 1).Share.Interval.Contains(truth[0]));
        Assert.True(study.Distances.Single(d => d.Distance == -1).Share.Interval.Contains(truth[1]));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.35)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public async Task Dither_NoiseOfPartsOfAStep_SigmaCoversOrDeadZoneIsSaid(double steps)
    {
        // 20 devices, judged at 99.9 %.
        const int runs = 20;
        int covered = 0;
        int dead = 0;
        double dither = 0;
        for (int run = 0; run < runs; run++)
        {
            double q = 2.0 * 48 / 256;
            var physics = Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 0 }, ReadoutNoise = steps * q };
            await using SimulatedDevice device = await Cells.OpenAsync(physics, 9600 + run, columns: 8, change: options => options with { AdcBits = 8, DacBits = 12 });
            DitherStudy study = DitherStudy.Of(await Cells.ReadAsync(device, DitherStudy.Plan(device.Capabilities, [0], vectors: 32)));
            covered += study.Sigma.Sigma.Interval.Contains(steps * q) ? 1 : 0;
            dead += study.DeadZone is null ? 0 : 1;
            dither += study.Dither / q / runs;
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"{steps} steps: {covered} of {runs} cover (at least {least}), dead zone said in {dead}; dither asked for {dither:F3} steps on average (exact {ConverterBias.DitherFor(1, steps):F3}); seeds 9600 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(dither, ConverterBias.DitherFor(1, steps), ConverterBias.DitherFor(1, steps) + 0.2);
    }

    [Fact]
    public async Task Dither_HardlyAnyNoise_SaysDeadZone()
    {
        var physics = Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 0 }, ReadoutNoise = 0.001 };
        await using SimulatedDevice device = await Cells.OpenAsync(physics, 9700, change: options => options with { AdcBits = 8, DacBits = 12 });
        DitherStudy study = DitherStudy.Of(await Cells.ReadAsync(device, DitherStudy.Plan(device.Capabilities, [0], vectors: 32)));
        Assert.Contains("dead zone, dither needed", study.DeadZone, StringComparison.Ordinal);
        Assert.Equal(0.5 * 2 * 48 / 256, study.Dither, 1e-9);
    }

    [Fact]
    public void ConverterBias_AgainstTheMeanOfRoundedNoise_IsTheLargestError()
    {
        foreach (double sigma in (double[])[0.1, 0.2, 0.35])
        {
            double worst = 0;
            for (int phase = 0; phase < 200; phase++)
            {
                double mean = phase / 200.0;
                double expected = 0;
                for (int code = -6; code <= 7; code++)
                {
                    expected += code * (MathNet.Numerics.Distributions.Normal.CDF(mean, sigma, code + 0.5) - MathNet.Numerics.Distributions.Normal.CDF(mean, sigma, code - 0.5));
                }

                worst = Math.Max(worst, Math.Abs(expected - mean));
            }

            // The series takes every harmonic at its largest at once: an upper bound, close where one harmonic rules.
            Assert.InRange(ConverterBias.Worst(1, sigma), worst - 1e-9, sigma < 0.15 ? 0.5 : 1.05 * worst);
        }
    }

    private static CrossbarCells Crossbar() => new() { Lumped = new() { ReceiverNoiseNanoamperes = 3000 } };

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
