using AnalogHil.Core.Plans;

namespace AnalogHil.Devices.Simulation;

/// <summary>One execution of one block.</summary>
/// <param name="Mode">How its K reads are averaged.</param>
/// <param name="Repeats">K, one for all columns or one for each.</param>
/// <param name="Boot">Number of the boot.</param>
/// <param name="Execution">Number of the execution since the boot.</param>
/// <param name="StartNanoseconds">Device time at its start.</param>
/// <param name="Vectors">Number of vectors.</param>
/// <param name="Inputs">[vectors x rows].</param>
/// <param name="Outputs">[vectors x columns], filled.</param>
internal readonly record struct ReadCall(
    RedundancyMode Mode, int[] Repeats, ulong Boot, ulong Execution, double StartNanoseconds, int Vectors,
    ReadOnlyMemory<float> Inputs, Memory<float> Outputs);
