namespace AnalogHil.Precision.Mapping;

/// <summary>What a plan spends on one image, by what the device declares; no measurement. Weight writing and digital operations are not in it.</summary>
/// <param name="Macs">Multiply-accumulates, over all repeats, passes and copies.</param>
/// <param name="OutputConversions">Conversions of column read-outs.</param>
/// <param name="InputConversions">Conversions of inputs, of both operands where both are activations; one is held for all repeats.</param>
/// <param name="Joules">Declared energy of all of these.</param>
public sealed record ImageEnergy(double Macs, double OutputConversions, double InputConversions, double Joules);
