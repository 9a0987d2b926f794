using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Benches;

/// <summary>What section "cells" of a bench can give: the quantities that only the per-cell tier has.</summary>
internal static class CellParameters
{
    private static readonly ImmutableArray<BenchParameter> Common =
    [
        new("dacInl", "1", 0, 0.1),
        new("adcInl", "1", 0, 0.1),
        new("inputNoise", "1", 0, 1),
        new("readoutNoise", "dot-product units", 0, 1e6),
        new("receiverLimit", "dot-product units", 0.001, 1e9),
        new("warmUpGain", "1", -0.5, 0.5),
        new("warmUpOffset", "dot-product units", -1e6, 1e6),
        new("warmUpSeconds", "s", 1e-9, 1e6),
        new("lagNanoseconds", "ns", 0, 1e9),
        new("idleMicroseconds", "us", 0, 1e12),
        new("stuckColumns", "1", 0, 65536),
    ];

    private static readonly ImmutableArray<BenchParameter> Crossbar =
    [
        new("restMicrosiemens", "uS", 0, 10000),
        new("readNoiseExponent", "1", 0, 2),
        new("programmingLinear", "1", -10, 10),
        new("programmingQuadratic", "1", -10, 10),
        new("flickerShare", "1", 0, 1),
        new("flickerFastMicroseconds", "us", 1e-4, 1e9),
        new("flickerSlowMicroseconds", "us", 1e-4, 1e9),
        new("trapShare", "1", 0, 1),
        new("trapMicrosiemens", "uS", 0, 10000),
        new("trapOccupancy", "1", 0.001, 0.999),
        new("trapFastMicroseconds", "us", 1e-4, 1e9),
        new("trapSlowMicroseconds", "us", 1e-4, 1e9),
        new("driftExponent", "1", 0, 0.5),
        new("driftExponentSpread", "1", 0, 0.2),
        new("driftStartSeconds", "s", 1e-6, 1e9),
        new("stuckOnShare", "1", 0, 0.5),
        new("stuckOffShare", "1", 0, 0.5),
        new("wireOhms", "ohm", 0, 1000),
    ];

    private static readonly ImmutableArray<BenchParameter> Homodyne =
    [
        new("localOscillatorShare", "1", 0.001, 0.999),
        new("signalPhotons", "photons", 0, 1e12),
        new("localOscillatorPhotons", "photons", 0, 1e12),
        new("phaseError", "rad", 0, 1),
        new("phaseJitter", "rad", 0, 1),
        new("phaseWander", "rad", 0, 1),
        new("phaseWanderMicroseconds", "us", 1e-4, 1e9),
        new("relativeIntensityNoise", "1", 0, 0.3),
        new("darkElectrons", "electrons", 0, 1e9),
    ];

    private static readonly ImmutableArray<BenchParameter> BroadcastAndWeight =
    [
        new("qualityFactor", "1", 100, 1e7),
        new("spacingNanometres", "nm", 0.01, 100),
        new("wavelengthNanometres", "nm", 400, 4000),
        new("crosstalkCorrection", "1", 0, 1),
        new("detuning", "half linewidths", 0, 1),
        new("detuningFastMicroseconds", "us", 1e-4, 1e9),
        new("detuningSlowMicroseconds", "us", 1e-4, 1e9),
        new("detuningPerSecond", "half linewidths/s", -1e6, 1e6),
        new("warmUpDetuning", "half linewidths", -10, 10),
        new("relativeIntensityNoise", "1", 0, 0.3),
    ];

    /// <summary>All of one architecture.</summary>
    public static ImmutableArray<BenchParameter> Of(DeviceArchitecture architecture) => architecture switch
    {
        DeviceArchitecture.Crossbar => [.. Crossbar, .. Common],
        DeviceArchitecture.Homodyne => [.. Homodyne, .. Common],
        _ => [.. BroadcastAndWeight, .. Common],
    };
}
