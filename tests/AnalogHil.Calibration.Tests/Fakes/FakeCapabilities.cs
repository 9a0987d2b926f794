using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests.Fakes;

internal static class FakeCapabilities
{
    public static DeviceCapabilities Small(params NoiseTerm[] terms) => new()
    {
        Rows = 16,
        Columns = 8,
        Tiles = 2,
        SignedInputs = !terms.Contains(NoiseTerm.ShotDirect),
        RewritableWeights = false,
        DacBits = 8,
        AdcBits = 8,
        AdcFullScale = 16,
        PossibleNoise = [.. terms],
        MaxRepeats = ImmutableDictionary<RedundancyMode, int>.Empty.Add(RedundancyMode.ReadAndAverage, 64),
        RepeatsPerColumn = false,
        MaxVectors = 64,
        SettlingTime = TimeSpan.Zero,
        ReadTimeNanoseconds = 100,
        EnergyPerMac = 1e-15,
        EnergyPerAdcConversion = 1e-12,
        EnergyPerDacConversion = 1e-13,
    };
}
