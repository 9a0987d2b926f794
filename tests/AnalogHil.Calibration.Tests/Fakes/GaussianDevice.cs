using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests.Fakes;

/// <summary>What the fake device really does.</summary>
internal sealed record GaussianTruth
{
    public Dictionary<NoiseTerm, double> Sigma { get; init; } = [];

    /// <summary>Share of each term's variance that is common to the K reads of an execution.</summary>
    public Dictionary<NoiseTerm, double> Floor { get; init; } = [];

    /// <summary>Standard deviation of each tile's noise over sigma; empty for 1 everywhere.</summary>
    public double[] TileNoise { get; init; } = [];

    public double GainSpread { get; init; } = 0.02;

    public double OffsetSpread { get; init; } = 0.5;

    /// <summary>Static error of each programmed weight.</summary>
    public double WeightError { get; init; } = 0.01;

    /// <summary>Dot-product units per vector, to make reads drift.</summary>
    public double Drift { get; init; }
}

/// <summary>The device contract with nothing but Gaussian noise of known strength behind it, written from the definitions of the terms.</summary>
internal sealed class GaussianDevice : IAnalogDevice
{
    private readonly GaussianTruth _truth;
    private readonly Random _random;
    private readonly Dictionary<int, (BlockProgram Program, float[] Weights)> _blocks = [];
    private RedundancySettings _active = RedundancySettings.Unrepeated;
    private RedundancySettings _staged = RedundancySettings.Unrepeated;
    private long _vectors;

    public GaussianDevice(DeviceCapabilities capabilities, GaussianTruth truth, int seed)
    {
        Capabilities = capabilities;
        _truth = truth;
        _random = new Random(seed);
        Gain = [.. Enumerable.Range(0, capabilities.Tiles).Select(_ => Draw(1, truth.GainSpread))];
        Offset = [.. Enumerable.Range(0, capabilities.Tiles).Select(_ => Draw(0, truth.OffsetSpread))];
    }

    public DeviceCapabilities Capabilities { get; }

    public double[][] Gain { get; }

    public double[][] Offset { get; }

    public RedundancySettings Active => _active;

    public int Executions { get; private set; }

    /// <summary>Vectors executed so far with K = 1 on each tile.</summary>
    public Dictionary<int, int> SingleReads { get; } = [];

    /// <summary>Called with the number of the execution before it runs; may throw.</summary>
    public Action<int>? BeforeExecute { get; set; }

    /// <summary>Changes a reply on its way out.</summary>
    public Func<ExecuteReply, Memory<float>, ExecuteReply>? OnReply { get; set; }

    /// <summary>What a commit puts in force; null for what was staged.</summary>
    public Func<RedundancySettings, RedundancySettings>? OnCommit { get; set; }

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        new(new DeviceIdentity("fake", DeviceArchitecture.Crossbar, "1", "0", "boot"));

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => default;

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        _blocks.Clear();
        foreach (BlockProgram block in blocks)
        {
            float[] weights = block.Weights.ToArray();
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] += (float)(_truth.WeightError * Normal());
            }

            _blocks.Add(block.Block, (block, weights));
        }

        _active = RedundancySettings.Unrepeated;
        return default;
    }

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        _staged = settings;
        return default;
    }

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        new(bank == SettingsBank.Active ? _active : _staged);

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        _active = OnCommit?.Invoke(_staged) ?? _staged;
        return default;
    }

    public ValueTask RollBackAsync(CancellationToken cancellationToken) => default;

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeExecute?.Invoke(Executions++);
        (BlockProgram program, float[] weights) = _blocks[request.Block];
        int tile = program.Copies[0].Tile;
        BlockRedundancy? redundancy = _active.Blocks.FirstOrDefault(b => b.Block == request.Block);
        int k = redundancy?.Repeats[0] ?? 1;
        bool once = redundancy?.Mode == RedundancyMode.AccumulateThenRead;
        SingleReads[tile] = SingleReads.GetValueOrDefault(tile) + (k == 1 ? request.Vectors : 0);
        int saturated = 0;
        Span<float> outputs = request.Outputs.Span;
        for (int v = 0; v < request.Vectors; v++)
        {
            ReadOnlySpan<float> u = request.Inputs.Span.Slice(v * program.Rows, program.Rows);
            _vectors++;
            for (int c = 0; c < program.Columns; c++)
            {
                outputs[v * program.Columns + c] = (float)Mean(program, weights, u, tile, c, k, once, ref saturated);
            }
        }

        var reply = new ExecuteReply((long)request.Vectors * program.Columns * k, saturated, TimeSpan.Zero, ReplyChecksum.Of(outputs));
        return new(OnReply?.Invoke(reply, request.Outputs) ?? reply);
    }

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) =>
        new(new DeviceTelemetry(DeviceState.Armed, TimeSpan.Zero, double.NaN, 0, 0, _active.Hash()));

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    private double Mean(BlockProgram program, float[] weights, ReadOnlySpan<float> u, int tile, int c, int k, bool once, ref int saturated)
    {
        double product = 0;
        double weightSquares = 0;
        double inputSquares = 0;
        double inputMagnitude = 0;
        for (int row = 0; row < program.Rows; row++)
        {
            float g = weights[row * program.Columns + c];
            float ideal = program.Weights.Span[row * program.Columns + c];
            product += g * u[row];
            weightSquares += ideal * ideal;
            inputSquares += u[row] * u[row];
            inputMagnitude += Math.Abs(u[row]);
        }

        DeviceFullScale full = Capabilities.FullScale;
        double fresh = 0;
        double common = 0;
        foreach ((NoiseTerm term, double sigma) in _truth.Sigma)
        {
            double spanSquare = full.WeightSpan * full.WeightSpan;
            double here = sigma * (_truth.TileNoise.Length > 0 ? _truth.TileNoise[tile] : 1);
            double variance = here * here * term switch
            {
                NoiseTerm.Thermal => Capabilities.Rows * spanSquare * full.InputSpan * full.InputSpan,
                NoiseTerm.Weight => spanSquare * inputSquares,
                NoiseTerm.ShotBalanced => weightSquares * inputSquares / program.Rows,
                _ => spanSquare * full.InputSpan * inputMagnitude,
            };
            double floor = _truth.Floor.GetValueOrDefault(term);
            common += variance * floor;
            fresh += variance * (1 - floor);
        }

        double slow = common > 0 ? Math.Sqrt(common) * Normal() : 0;
        double sum = 0;
        double deviation = Math.Sqrt(fresh);
        if (once)
        {
            return Convert(Gain[tile][c] * (product + slow + deviation / Math.Sqrt(k) * Normal()) + Offset[tile][c], ref saturated);
        }

        for (int repeat = 0; repeat < k; repeat++)
        {
            sum += Convert(Gain[tile][c] * (product + slow + deviation * Normal()) + Offset[tile][c] + _truth.Drift * _vectors, ref saturated);
        }

        return sum / k;
    }

    private double Convert(double value, ref int saturated)
    {
        if (Capabilities.AdcBits == 0)
        {
            return value;
        }

        double q = Capabilities.QuantiserStep;
        double limit = Capabilities.AdcFullScale - q / 2;
        double level = Math.Round(value / q) * q;
        if (Math.Abs(level) > limit)
        {
            saturated++;
            return Math.CopySign(limit, value);
        }

        return level;
    }

    private double[] Draw(double mean, double spread) => [.. Enumerable.Range(0, Capabilities.Columns).Select(_ => mean + spread * Normal())];

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
