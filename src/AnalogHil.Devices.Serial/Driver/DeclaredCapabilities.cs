using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>What a device declares on the wire, in the words of the contract.</summary>
internal static class DeclaredCapabilities
{
    private const int Signed = 1, Rewritable = 2, PerColumn = 4;

    // Bit by bit as the schema has them.
    private static readonly NoiseTerm[] Terms = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced, NoiseTerm.ShotDirect];

    /// <summary>The capabilities.</summary>
    /// <param name="c">As declared.</param>
    /// <param name="features">Feature bits that HELLO granted.</param>
    public static DeviceCapabilities Of(in WireCapabilities c, uint features)
    {
        ImmutableDictionary<RedundancyMode, int> repeats = ImmutableDictionary<RedundancyMode, int>.Empty;
        repeats = c.MaxAccumulate > 0 ? repeats.Add(RedundancyMode.AccumulateThenRead, (int)c.MaxAccumulate) : repeats;
        repeats = c.MaxAverage > 0 ? repeats.Add(RedundancyMode.ReadAndAverage, (int)c.MaxAverage) : repeats;
        repeats = c.MaxCopies > 1 ? repeats.Add(RedundancyMode.SpatialCopies, (int)c.MaxCopies) : repeats;
        int terms = c.NoiseTerms;
        return new DeviceCapabilities
        {
            Rows = (int)c.Rows,
            Columns = (int)c.Columns,
            Tiles = (int)c.Tiles,
            SignedInputs = (c.Flags & Signed) != 0,

            // Weights that change with every call need a wire that carries them, too.
            RewritableWeights = (c.Flags & Rewritable) != 0 && (features & LinkSchema.FeatureOperands) != 0,
            DacBits = c.DacBits,
            AdcBits = c.AdcBits,
            AdcFullScale = c.AdcFullScale,
            PossibleNoise = [.. Terms.Where((_, bit) => (terms >> bit & 1) != 0)],
            MaxRepeats = repeats,
            RepeatsPerColumn = (c.Flags & PerColumn) != 0,
            MaxVectors = (int)c.MaxVectors,
            SettlingTime = TimeSpan.FromMicroseconds(c.SettlingNs / 1000),
            ReadTimeNanoseconds = c.ReadNs,
            EnergyPerMac = c.EnergyMac,
            EnergyPerAdcConversion = c.EnergyAdc,
            EnergyPerDacConversion = c.EnergyDac,
        };
    }
}
