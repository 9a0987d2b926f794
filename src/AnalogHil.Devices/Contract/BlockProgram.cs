using System.Collections.Immutable;

namespace AnalogHil.Devices.Contract;

/// <summary>A rectangle of weights to be written; it is driven and read as one, rows outside it stay undriven.</summary>
/// <param name="Block">Number by which it is executed, unique on the device.</param>
/// <param name="Rows">Dot-product positions in this block.</param>
/// <param name="Columns">Output channels in this block.</param>
/// <param name="Weights">[Rows x Columns] row-major, full-scale units, each in [-1, 1].</param>
/// <param name="Copies">One placement, or K of them for spatial redundancy: all are read at once and averaged.</param>
public sealed record BlockProgram(int Block, int Rows, int Columns, ReadOnlyMemory<float> Weights, ImmutableArray<Placement> Copies);
