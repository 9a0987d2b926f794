using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Tests.Simulation;

/// <summary>Small simulated devices and the few calls that every test of them needs.</summary>
internal static class SimulatedBench
{
    public static TilePhysics Physics(DeviceArchitecture architecture, double slowFraction = 0) => architecture switch
    {
        DeviceArchitecture.Crossbar => new CrossbarPhysics
        {
            ReceiverNoiseNanoamperes = 3500, ReadNoiseMicrosiemens = 1.4, SlowFraction = slowFraction,
        },
        DeviceArchitecture.Homodyne => new HomodynePhysics { PhotonsPerMac = 2, DetectionEfficiency = 0.7, ReceiverNoiseMillivolts = 6 },
        DeviceArchitecture.BroadcastAndWeight => new BroadcastAndWeightPhysics
        {
            ChannelNanowatts = 1, BandwidthMegahertz = 50, AmplifierNoiseNanoamperes = 0.7, DarkNanoamperes = 0.02, RingJitter = 0.08,
            SlowFraction = slowFraction,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    public static SimulatedDeviceOptions Options(TilePhysics physics, ulong seed) => new()
    {
        Physics = physics,
        Seed = seed,
        Rows = 64,
        Columns = 32,
        Tiles = 8,
        AdcFullScale = 1e5,
        Threads = 2,
        MaxRepeats = Modes(64, 64, 8),
    };

    public static ImmutableDictionary<RedundancyMode, int> Modes(
        int readAndAverage, int accumulate, int copies) => ImmutableDictionary<RedundancyMode, int>.Empty
            .Add(RedundancyMode.ReadAndAverage, readAndAverage)
            .Add(RedundancyMode.AccumulateThenRead, accumulate)
            .Add(RedundancyMode.SpatialCopies, copies);

    public static BlockProgram Block(int number, int rows, int columns, Func<int, int, float> weight, params Placement[] copies)
    {
        float[] weights = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                weights[row * columns + column] = weight(row, column);
            }
        }

        return new BlockProgram(number, rows, columns, weights, [.. copies.Length == 0 ? [default] : copies]);
    }

    public static async Task<SimulatedDevice> ArmedAsync(SimulatedDeviceOptions options, params BlockProgram[] blocks)
    {
        var device = new SimulatedDevice(options);
        await device.ArmAsync(1, default);
        await device.ProgramAsync(blocks, default);
        return device;
    }

    public static async Task RepeatAsync(IAnalogDevice device, int block, params int[] repeats) =>
        await CommitAsync(device, new BlockRedundancy(block, RedundancyMode.ReadAndAverage, [.. repeats]));

    public static async Task CommitAsync(IAnalogDevice device, params BlockRedundancy[] blocks)
    {
        var settings = new RedundancySettings([.. blocks]);
        await device.StageAsync(settings, default);
        await device.CommitAsync(settings.Hash(), default);
    }

    /// <summary>Drives the same vector <paramref name="vectors"/> times; [vectors x columns].</summary>
    public static async Task<(float[] Outputs, ExecuteReply Reply)> DriveAsync(
        IAnalogDevice device, BlockProgram block, int vectors, Func<int, float> input)
    {
        float[] inputs = new float[vectors * block.Rows];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = input(i % block.Rows);
        }

        float[] outputs = new float[vectors * block.Columns];
        ExecuteReply reply = await device.ExecuteAsync(new ExecuteRequest(block.Block, vectors, inputs, outputs), default);
        return (outputs, reply);
    }

    /// <summary>Variance over the vectors about each column's own mean, pooled over the columns.</summary>
    public static double PooledVariance(ReadOnlySpan<float> outputs, int columns)
    {
        int vectors = outputs.Length / columns;
        double sum = 0;
        for (int column = 0; column < columns; column++)
        {
            double mean = 0;
            double squares = 0;
            for (int v = 0; v < vectors; v++)
            {
                mean += outputs[v * columns + column];
            }

            mean /= vectors;
            for (int v = 0; v < vectors; v++)
            {
                double difference = outputs[v * columns + column] - mean;
                squares += difference * difference;
            }

            sum += squares / (vectors - 1);
        }

        return sum / columns;
    }

    /// <summary>What the definitions of <see cref="NoiseTerm"/> say about one read, and of it the part that no repeat removes.</summary>
    public static (double Variance, double Floor) Expected(
        SimulatedDevice device, IEnumerable<double> weights, IEnumerable<double> inputs)
    {
        DeviceFullScale full = device.Capabilities.FullScale;
        double[] u = [.. inputs];
        double a = weights.Sum(g => g * g);
        double x = u.Sum(value => value * value);
        double variance = 0;
        double floor = 0;
        foreach ((NoiseTerm term, SimulatedTerm truth) in device.Truth.Terms)
        {
            double part = truth.Sigma * truth.Sigma * term switch
            {
                NoiseTerm.Thermal => full.TileRows * full.WeightSpan * full.WeightSpan * full.InputSpan * full.InputSpan,
                NoiseTerm.Weight => full.WeightSpan * full.WeightSpan * x,
                NoiseTerm.ShotBalanced => a * x / u.Length,
                NoiseTerm.ShotDirect => full.WeightSpan * full.WeightSpan * full.InputSpan * u.Sum(Math.Abs),
                _ => throw new NotSupportedException(term.ToString()),
            };
            variance += part;
            floor += truth.FloorFraction * part;
        }

        return (variance, floor);
    }
}
