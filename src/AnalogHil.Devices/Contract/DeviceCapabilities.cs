using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;

namespace AnalogHil.Devices.Contract;

/// <summary>What a device declares about itself. Nothing here is assumed by anybody; nothing here is a noise figure.</summary>
public sealed record DeviceCapabilities
{
    /// <summary>R: rows (inputs) of one tile.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns (outputs) of one tile.</summary>
    public required int Columns { get; init; }

    /// <summary>Number of tiles.</summary>
    public required int Tiles { get; init; }

    /// <summary>Whether inputs may be negative (u in [-1, 1]); otherwise u in [0, 1] and the host splits signs into two passes.</summary>
    public required bool SignedInputs { get; init; }

    /// <summary>Whether weights can be rewritten at the input rate, so that activation products may run on the device.</summary>
    public required bool RewritableWeights { get; init; }

    /// <summary>Whether both operands may change with every product (<see cref="ExecuteRequest.Operand"/>): what products of two activations, whose signs are free, need.</summary>
    public bool MultipliesActivations => RewritableWeights && SignedInputs;

    /// <summary>Bits of the input converter: 2^(b - 1) - 1 steps on either side of an exact 0 for signed inputs, 2^b - 1 steps over [0, 1] otherwise; 0 means ideal.</summary>
    public required int DacBits { get; init; }

    /// <summary>Bits of the output converter over +-<see cref="AdcFullScale"/>; 0 means ideal.</summary>
    public required int AdcBits { get; init; }

    /// <summary>Largest magnitude the output converter can represent, in dot-product units (one full-scale weight times one full-scale input).</summary>
    public required double AdcFullScale { get; init; }

    /// <summary>Noise terms that this architecture's physics can have; calibration looks for these and no others.</summary>
    public required ImmutableArray<NoiseTerm> PossibleNoise { get; init; }

    /// <summary>Redundancy modes offered, each with its largest K.</summary>
    public required ImmutableDictionary<RedundancyMode, int> MaxRepeats { get; init; }

    /// <summary>Whether K may differ between the columns of a block.</summary>
    public required bool RepeatsPerColumn { get; init; }

    /// <summary>Most input vectors in one execute call.</summary>
    public required int MaxVectors { get; init; }

    /// <summary>Time before the first read of a call is valid.</summary>
    public required TimeSpan SettlingTime { get; init; }

    /// <summary>Time of one read of one vector, all columns of a tile in parallel, in nanoseconds.</summary>
    public required double ReadTimeNanoseconds { get; init; }

    /// <summary>Declared energy of one multiply-accumulate in one read, joules (a profile value, not a measurement).</summary>
    public required double EnergyPerMac { get; init; }

    /// <summary>Declared energy of one output conversion, joules (a profile value).</summary>
    public required double EnergyPerAdcConversion { get; init; }

    /// <summary>Declared energy of one input conversion, joules (a profile value).</summary>
    public required double EnergyPerDacConversion { get; init; }

    /// <summary>Step q of the output converter in dot-product units, 2 AdcFullScale / 2^AdcBits; 0 for an ideal one.</summary>
    public double QuantiserStep => AdcBits == 0 ? 0 : 2 * AdcFullScale / Math.Pow(2, AdcBits);

    /// <summary>Step of the input converter in units of u; 0 for an ideal one.</summary>
    public double InputStep => DacBits == 0 ? 0 : 1 / (Math.Pow(2, SignedInputs ? DacBits - 1 : DacBits) - 1);

    /// <summary>Spans that noise figures refer to.</summary>
    public DeviceFullScale FullScale => new(2, SignedInputs ? 2 : 1, Rows, QuantiserStep, InputStep);
}
