using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>The pixels of one pooling window that lie inside the map, along one axis: First, First + Step, ... below End; at least one.</summary>
/// <param name="First">First pixel.</param>
/// <param name="End">Behind the last pixel.</param>
/// <param name="Step">Pixels between taps.</param>
/// <param name="Padded">Taps inside the map and the padding around it.</param>
internal readonly record struct WindowPixels(int First, int End, int Step, int Padded)
{
    /// <summary>Taps inside the map.</summary>
    public int Inside => (End - First + Step - 1) / Step;

    /// <summary>Window <paramref name="index"/> of an axis.</summary>
    public static WindowPixels Of(WindowAxis axis, int index)
    {
        int start = index * axis.Stride - axis.PadBefore;
        int step = axis.Dilation;
        return new WindowPixels(
            start < 0 ? start + (step - 1 - start) / step * step : start,
            Math.Min(start + axis.Span, axis.Input),
            step,
            Math.Min(axis.Kernel, (axis.Input + axis.PadAfter - start + step - 1) / step));
    }
}
