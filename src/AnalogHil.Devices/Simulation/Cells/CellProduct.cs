using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>One vector times the cells of a tile; columns are the lanes.</summary>
internal static class CellProduct
{
    /// <summary>sums[j] += sum_i inputs[i] cells[i x stride + j]; stride = sums.Length, a multiple of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> inputs, ReadOnlySpan<float> cells, Span<float> sums)
    {
        Span<Vector<float>> totals = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (int row = 0; row < inputs.Length; row++)
        {
            if (inputs[row] == 0)
            {
                continue;
            }

            var input = new Vector<float>(inputs[row]);
            ReadOnlySpan<Vector<float>> lanes = MemoryMarshal.Cast<float, Vector<float>>(cells.Slice(row * sums.Length, sums.Length))[..totals.Length];
            for (int j = 0; j < lanes.Length; j++)
            {
                totals[j] = Vector.FusedMultiplyAdd(input, lanes[j], totals[j]);
            }
        }
    }
}
