namespace AnalogHil.Core.Numerics;

/// <summary>The dense single-precision product that the engine and the simulated devices share.</summary>
public static class MatrixProduct
{
    /// <summary>C = A B (+ C): <paramref name="left"/> is [rows x B.Rows] row-major with row stride <paramref name="leftStride"/>, C is [rows x B.Columns] with row stride <paramref name="resultStride"/>.</summary>
    /// <param name="left">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="leftStride">Floats between rows of A.</param>
    /// <param name="right">B, packed.</param>
    /// <param name="result">C.</param>
    /// <param name="resultStride">Floats between rows of C.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    public static void Multiply(
        ReadOnlySpan<float> left, int rows, int leftStride, PackedMatrix right, Span<float> result, int resultStride, bool accumulate = false)
    {
        // Reference form; the register-blocked kernel replaces it.
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < right.Columns; column++)
            {
                int panel = column / PackedMatrix.PanelColumns;
                int offset = panel * right.Rows * PackedMatrix.PanelColumns + column % PackedMatrix.PanelColumns;
                float sum = accumulate ? result[row * resultStride + column] : 0;
                for (int k = 0; k < right.Rows; k++)
                {
                    sum += left[row * leftStride + k] * right.Panels[offset + k * PackedMatrix.PanelColumns];
                }

                result[row * resultStride + column] = sum;
            }
        }
    }
}
