using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Benches;

/// <summary>A physical quantity that a profile can give and a bench can override.</summary>
/// <param name="Name">Property name in both files.</param>
/// <param name="Unit">Unit; "1" for dimensionless.</param>
/// <param name="Low">Lowest value that has a meaning.</param>
/// <param name="High">Highest value that has a meaning.</param>
internal sealed record BenchParameter(string Name, string Unit, double Low, double High)
{
    /// <summary>Names of the architectures in the files.</summary>
    public static ImmutableArray<(string Name, DeviceArchitecture Architecture)> Architectures { get; } =
    [
        ("crossbar", DeviceArchitecture.Crossbar),
        ("homodyne", DeviceArchitecture.Homodyne),
        ("broadcast-and-weight", DeviceArchitecture.BroadcastAndWeight),
    ];

    /// <summary>Section "timing" of a bench.</summary>
    public static ImmutableArray<BenchParameter> Timing { get; } =
    [
        new("settlingMicroseconds", "us", 0, 1e6),
        new("readNanoseconds", "ns", 0, 1e9),
    ];

    /// <summary>Section "energy" of a bench.</summary>
    public static ImmutableArray<BenchParameter> Energy { get; } =
    [
        new("macFemtojoules", "fJ", 0, 1e9),
        new("adcPicojoules", "pJ", 0, 1e9),
        new("dacPicojoules", "pJ", 0, 1e9),
    ];

    /// <summary>What a bench may tell in section "static": size, and power that is drawn whether anything is read or not. All optional.</summary>
    public static ImmutableArray<BenchParameter> Static { get; } =
    [
        new(StaticCost.CellArea, "um2", 0, 1e9),
        new(StaticCost.ColumnArea, "um2", 0, 1e12),
        new(StaticCost.CellPower, "uW", 0, 1e9),
        new(StaticCost.ColumnPower, "uW", 0, 1e9),
    ];

    /// <summary>Section "physics" of a bench.</summary>
    public static ImmutableArray<BenchParameter> PhysicsOf(DeviceArchitecture architecture) => architecture switch
    {
        DeviceArchitecture.Crossbar =>
        [
            new("maxConductanceMicrosiemens", "uS", 1e-3, 1e4),
            new("readVolts", "V", 1e-3, 5),
            new("readNoiseMicrosiemens", "uS", 0, 1e4),
            new("slowFraction", "1", 0, 1),
            new("receiverNoiseNanoamperes", "nA", 0, 1e9),
            new("programmingErrorMicrosiemens", "uS", 0, 1e4),
        ],
        DeviceArchitecture.Homodyne =>
        [
            new("photonsPerMac", "photons", 1e-3, 1e12),
            new("detectionEfficiency", "1", 1e-3, 1),
            new("millivoltsPerUnit", "mV", 1e-6, 1e6),
            new("receiverNoiseMillivolts", "mV", 0, 1e6),
            new("amplitudeError", "1", 0, 1),
        ],
        _ =>
        [
            new("channelNanowatts", "nW", 1e-6, 1e9),
            new("responsivityAmperesPerWatt", "A/W", 1e-3, 2),
            new("bandwidthMegahertz", "MHz", 1e-6, 1e6),
            new("amplifierNoiseNanoamperes", "nA", 0, 1e9),
            new("darkNanoamperes", "nA", 0, 1e9),
            new("ringJitter", "1", 0, 1),
            new("slowFraction", "1", 0, 1),
            new("tuningError", "1", 0, 1),
        ],
    };

    /// <summary>Everything that a profile of an architecture may give.</summary>
    public static ImmutableArray<BenchParameter> ProfileOf(DeviceArchitecture architecture) =>
        [.. PhysicsOf(architecture), .. CellParameters.Of(architecture), .. Timing, .. Energy, .. Static];
}
