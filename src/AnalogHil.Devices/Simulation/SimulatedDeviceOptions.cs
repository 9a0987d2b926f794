using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>Everything that makes one simulated device: physics, geometry, converters, times, energies and the seed of its individual errors.</summary>
public sealed record SimulatedDeviceOptions
{
    /// <summary>What happens in a tile.</summary>
    public required TilePhysics Physics { get; init; }

    /// <summary>Seed of what makes this individual: gains, offsets and the errors of every programming.</summary>
    public ulong Seed { get; init; }

    /// <summary>Seed of what differs from read to read and from vector to vector; null for <see cref="Seed"/>. Other values are other days with the same device.</summary>
    public ulong? NoiseSeed { get; init; }

    /// <summary>Names this power-up in the boot id; null for <see cref="NoiseSeed"/>. With one of its own, a device whose noise goes on with another seed is still the one that was switched on before.</summary>
    public string? PowerUp { get; init; }

    /// <summary>R, rows of a tile.</summary>
    /// <value>256</value>
    public int Rows { get; init; } = 256;

    /// <summary>Columns of a tile.</summary>
    /// <value>256</value>
    public int Columns { get; init; } = 256;

    /// <summary>Tiles.</summary>
    /// <value>64</value>
    public int Tiles { get; init; } = 64;

    /// <summary>Bits of the input converter; 0 is ideal.</summary>
    public int DacBits { get; init; }

    /// <summary>Bits of the output converter; 0 is ideal.</summary>
    public int AdcBits { get; init; }

    /// <summary>Full scale of the output converter, dot-product units.</summary>
    /// <value>32</value>
    public double AdcFullScale { get; init; } = 32;

    /// <summary>Standard deviation of a column's gain about 1, dimensionless.</summary>
    public double GainSpread { get; init; }

    /// <summary>Standard deviation of a column's offset, dot-product units.</summary>
    public double OffsetSpread { get; init; }

    /// <summary>Modes offered, each with its largest K.</summary>
    public ImmutableDictionary<RedundancyMode, int> MaxRepeats { get; init; } = ImmutableDictionary<RedundancyMode, int>.Empty
        .Add(RedundancyMode.ReadAndAverage, 256)
        .Add(RedundancyMode.SpatialCopies, 8);

    /// <summary>Whether K may differ between columns.</summary>
    public bool RepeatsPerColumn { get; init; } = true;

    /// <summary>Most vectors in one call.</summary>
    public int MaxVectors { get; init; } = 1 << 16;

    /// <summary>Time before the first read of a call is valid.</summary>
    public TimeSpan SettlingTime { get; init; } = TimeSpan.FromMicroseconds(1);

    /// <summary>Time of one read of one vector, nanoseconds.</summary>
    public double ReadTimeNanoseconds { get; init; } = 100;

    /// <summary>Joules for one multiply-accumulate in one read.</summary>
    public double EnergyPerMac { get; init; } = 1e-14;

    /// <summary>Joules for one output conversion.</summary>
    public double EnergyPerAdcConversion { get; init; } = 1e-12;

    /// <summary>Joules for one input conversion.</summary>
    public double EnergyPerDacConversion { get; init; } = 1e-13;

    /// <summary>Threads that compute a call; the results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What such a device declares.</summary>
    public DeviceCapabilities Capabilities => new()
    {
        Rows = Rows,
        Columns = Columns,
        Tiles = Tiles,
        SignedInputs = Physics.SignedInputs,
        RewritableWeights = Physics.RewritableWeights,
        DacBits = DacBits,
        AdcBits = AdcBits,
        AdcFullScale = AdcFullScale,
        PossibleNoise = Physics.PossibleNoise,
        MaxRepeats = MaxRepeats,
        RepeatsPerColumn = RepeatsPerColumn,
        MaxVectors = MaxVectors,
        SettlingTime = SettlingTime,
        ReadTimeNanoseconds = ReadTimeNanoseconds,
        EnergyPerMac = EnergyPerMac,
        EnergyPerAdcConversion = EnergyPerAdcConversion,
        EnergyPerDacConversion = EnergyPerDacConversion,
    };

    /// <summary>Everything that is out of range, as messages with value and limit; none when valid.</summary>
    public IEnumerable<string> Problems()
    {
        (string Name, double Value, double Low, double High)[] limits =
        [
            (nameof(Rows), Rows, 1, 1 << 16), (nameof(Columns), Columns, 1, 1 << 16), (nameof(Tiles), Tiles, 1, 1 << 20),
            (nameof(DacBits), DacBits, 0, 16), (nameof(AdcBits), AdcBits, 0, 16), (nameof(AdcFullScale), AdcFullScale, 1e-6, 1e9),
            (nameof(GainSpread), GainSpread, 0, 0.2), (nameof(OffsetSpread), OffsetSpread, 0, AdcFullScale),
            (nameof(MaxVectors), MaxVectors, 1, 1 << 24), (nameof(ReadTimeNanoseconds), ReadTimeNanoseconds, 0, 1e9),
            (nameof(EnergyPerMac), EnergyPerMac, 0, 1), (nameof(EnergyPerAdcConversion), EnergyPerAdcConversion, 0, 1),
            (nameof(EnergyPerDacConversion), EnergyPerDacConversion, 0, 1), (nameof(Threads), Threads, 1, 1024),
        ];
        return limits
            .Where(limit => !(limit.Value >= limit.Low && limit.Value <= limit.High))
            .Select(limit => $"{limit.Name} is {limit.Value}, allowed is {limit.Low} to {limit.High}")
            .Concat(MaxRepeats.Where(mode => mode.Value is < 1 or > 1 << 16).Select(mode => $"{mode.Key} allows {mode.Value} repeats, allowed is 1 to 65536"))
            .Concat(Physics.Problems());
    }
}
