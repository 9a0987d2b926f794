using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Precision.Tests.Fakes;

/// <summary>An exact multiplier with gains and offsets, white noise of a chosen size, and the lies that a test asks for.</summary>
internal sealed class FakeDevice : IAnalogDevice
{
    private readonly Dictionary<int, BlockProgram> _programs = [];
    private RedundancySettings _active = RedundancySettings.Unrepeated;
    private RedundancySettings _previous = RedundancySettings.Unrepeated;
    private RedundancySettings _staged = RedundancySettings.Unrepeated;
    private ulong _calls;

    public DeviceCapabilities Capabilities { get; init; } = Caps();

    public float Gain { get; init; } = 1;

    public float Offset { get; init; }

    /// <summary>Standard deviation of one read, dot-product units.</summary>
    public float ReadNoise { get; init; }

    /// <summary>Calls out of these that answer with a damaged checksum.</summary>
    public int CorruptEvery { get; init; } = int.MaxValue;

    public Func<SettingsBank, RedundancySettings, RedundancySettings> Lie { get; init; } = (_, settings) => settings;

    /// <summary>What a call does before the device answers: throws where a test wants a failure.</summary>
    public Action<FakeDevice, string> Before { get; set; } = (_, _) => { };

    public List<string> Log { get; } = [];

    public static DeviceCapabilities Caps(bool signedInputs = false, bool perColumn = true, int rows = 8, int columns = 4, int most = 64) => new()
    {
        Rows = rows,
        Columns = columns,
        Tiles = 64,
        SignedInputs = signedInputs,
        RewritableWeights = false,
        DacBits = 0,
        AdcBits = 0,
        AdcFullScale = 100,
        PossibleNoise = [NoiseTerm.Thermal],
        MaxRepeats = ImmutableDictionary<RedundancyMode, int>.Empty
            .Add(RedundancyMode.ReadAndAverage, most).Add(RedundancyMode.SpatialCopies, 4),
        RepeatsPerColumn = perColumn,
        MaxVectors = 7,
        SettlingTime = TimeSpan.Zero,
        ReadTimeNanoseconds = 100,
        EnergyPerMac = 1e-15,
        EnergyPerAdcConversion = 0,
        EnergyPerDacConversion = 0,
    };

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new DeviceIdentity("fake", DeviceArchitecture.Crossbar, "fake", "fake", "1"));

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        foreach (BlockProgram block in blocks)
        {
            _programs[block.Block] = block;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        Log.Add("stage");
        _staged = settings;
        return ValueTask.CompletedTask;
    }

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken)
    {
        Before(this, $"read back {bank}");
        return ValueTask.FromResult(Lie(bank, bank == SettingsBank.Active ? _active : _staged));
    }

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        Log.Add("commit");
        Before(this, "commit");
        _previous = _active;
        _active = _staged;
        return ValueTask.CompletedTask;
    }

    public ValueTask RollBackAsync(CancellationToken cancellationToken)
    {
        Log.Add("rollback");
        _active = _previous;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BlockProgram block = _programs[request.Block];
        BlockRedundancy? redundancy = _active.Blocks.FirstOrDefault(each => each.Block == request.Block);
        Span<float> outputs = request.Outputs.Span;
        GaussianGenerator.Fill(GaussianKey.Derive(99, ++_calls), 0, outputs);
        long reads = 0;
        for (int v = 0; v < request.Vectors; v++)
        {
            for (int c = 0; c < block.Columns; c++)
            {
                int repeats = redundancy is null ? 1 : redundancy.Repeats.Length == 1 ? redundancy.Repeats[0] : redundancy.Repeats[c];
                repeats *= block.Copies.Length;
                double sum = 0;
                for (int k = 0; k < block.Rows; k++)
                {
                    float u = request.Inputs.Span[v * block.Rows + k];
                    Assert.InRange(u, Capabilities.SignedInputs ? -1 : 0, 1);
                    sum += (double)u * block.Weights.Span[k * block.Columns + c];
                }

                float noise = ReadNoise / MathF.Sqrt(repeats) * outputs[v * block.Columns + c];
                outputs[v * block.Columns + c] = Gain * ((float)sum + noise) + Offset;
                reads += repeats;
            }
        }

        uint checksum = ReplyChecksum.Of(outputs);
        return ValueTask.FromResult(new ExecuteReply(
            reads, 0, TimeSpan.FromMicroseconds(1), _calls % (ulong)CorruptEvery == 0 ? ~checksum : checksum));
    }

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        new DeviceTelemetry(DeviceState.Armed, TimeSpan.Zero, double.NaN, 0, _calls * 1e-12, _active.Hash()));

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
