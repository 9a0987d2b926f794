using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Benches;

/// <summary>Makes the physics of the per-cell tier from a lumped physics and the values of section "cells".</summary>
internal static class CellPhysicsReading
{
    /// <summary>The per-cell physics of the same architecture; <paramref name="value"/> holds everything of <see cref="CellParameters.Of"/>.</summary>
    public static CellPhysics Of(TilePhysics lumped, Dictionary<string, double> value) => lumped switch
    {
        CrossbarPhysics crossbar => Of(crossbar, value),
        HomodynePhysics homodyne => Of(homodyne, value),
        BroadcastAndWeightPhysics rings => Of(rings, value),
        _ => throw new NotSupportedException($"{lumped.Architecture} has no per-cell tier"),
    };

    private static CrossbarCells Of(CrossbarPhysics lumped, Dictionary<string, double> value) =>
        new CrossbarCells
        {
            Lumped = lumped,
            RestMicrosiemens = value["restMicrosiemens"],
            ReadNoiseExponent = value["readNoiseExponent"],
            ProgrammingLinear = value["programmingLinear"],
            ProgrammingQuadratic = value["programmingQuadratic"],
            FlickerShare = value["flickerShare"],
            FlickerFastMicroseconds = value["flickerFastMicroseconds"],
            FlickerSlowMicroseconds = value["flickerSlowMicroseconds"],
            TrapShare = value["trapShare"],
            TrapMicrosiemens = value["trapMicrosiemens"],
            TrapOccupancy = value["trapOccupancy"],
            TrapFastMicroseconds = value["trapFastMicroseconds"],
            TrapSlowMicroseconds = value["trapSlowMicroseconds"],
            DriftExponent = value["driftExponent"],
            DriftExponentSpread = value["driftExponentSpread"],
            DriftStartSeconds = value["driftStartSeconds"],
            StuckOnShare = value["stuckOnShare"],
            StuckOffShare = value["stuckOffShare"],
            WireOhms = value["wireOhms"],
            DacInl = value["dacInl"],
            AdcInl = value["adcInl"],
            InputNoise = value["inputNoise"],
            ReadoutNoise = value["readoutNoise"],
            ReceiverLimit = value["receiverLimit"],
            WarmUpGain = value["warmUpGain"],
            WarmUpOffset = value["warmUpOffset"],
            WarmUpSeconds = value["warmUpSeconds"],
            LagNanoseconds = value["lagNanoseconds"],
            IdleMicroseconds = value["idleMicroseconds"],
            StuckColumns = (int)value["stuckColumns"],
        };

    private static HomodyneCells Of(HomodynePhysics lumped, Dictionary<string, double> value) =>
        new HomodyneCells
        {
            Lumped = lumped,
            LocalOscillatorShare = value["localOscillatorShare"],
            SignalPhotons = value["signalPhotons"],
            LocalOscillatorPhotons = value["localOscillatorPhotons"],
            PhaseError = value["phaseError"],
            PhaseJitter = value["phaseJitter"],
            PhaseWander = value["phaseWander"],
            PhaseWanderMicroseconds = value["phaseWanderMicroseconds"],
            RelativeIntensityNoise = value["relativeIntensityNoise"],
            DarkElectrons = value["darkElectrons"],
            DacInl = value["dacInl"],
            AdcInl = value["adcInl"],
            InputNoise = value["inputNoise"],
            ReadoutNoise = value["readoutNoise"],
            ReceiverLimit = value["receiverLimit"],
            WarmUpGain = value["warmUpGain"],
            WarmUpOffset = value["warmUpOffset"],
            WarmUpSeconds = value["warmUpSeconds"],
            LagNanoseconds = value["lagNanoseconds"],
            IdleMicroseconds = value["idleMicroseconds"],
            StuckColumns = (int)value["stuckColumns"],
        };

    private static RingCells Of(BroadcastAndWeightPhysics lumped, Dictionary<string, double> value) =>
        new RingCells
        {
            Lumped = lumped,
            QualityFactor = value["qualityFactor"],
            SpacingNanometres = value["spacingNanometres"],
            WavelengthNanometres = value["wavelengthNanometres"],
            CrosstalkCorrection = value["crosstalkCorrection"],
            Detuning = value["detuning"],
            DetuningFastMicroseconds = value["detuningFastMicroseconds"],
            DetuningSlowMicroseconds = value["detuningSlowMicroseconds"],
            DetuningPerSecond = value["detuningPerSecond"],
            WarmUpDetuning = value["warmUpDetuning"],
            RelativeIntensityNoise = value["relativeIntensityNoise"],
            DacInl = value["dacInl"],
            AdcInl = value["adcInl"],
            InputNoise = value["inputNoise"],
            ReadoutNoise = value["readoutNoise"],
            ReceiverLimit = value["receiverLimit"],
            WarmUpGain = value["warmUpGain"],
            WarmUpOffset = value["warmUpOffset"],
            WarmUpSeconds = value["warmUpSeconds"],
            LagNanoseconds = value["lagNanoseconds"],
            IdleMicroseconds = value["idleMicroseconds"],
            StuckColumns = (int)value["stuckColumns"],
        };
}
