using AnalogHil.Core.Plans;

namespace AnalogHil.Precision.Allocation;

/// <summary>How one layer can be made redundant, with what it takes for one image by what the device declares.</summary>
/// <param name="Mode">How repeats are made.</param>
/// <param name="Repeats">K.</param>
/// <param name="Loss">Second-order loss of the layer's noise, nats.</param>
/// <param name="Joules">Declared energy.</param>
/// <param name="Seconds">Time of its reads.</param>
/// <param name="Cells">Cells its weights and copies take.</param>
/// <param name="ConverterJoules">Part of the energy that converters take, of inputs and of outputs.</param>
public sealed record LayerMode(RedundancyMode Mode, int Repeats, double Loss, double Joules, double Seconds, double Cells, double ConverterJoules);
