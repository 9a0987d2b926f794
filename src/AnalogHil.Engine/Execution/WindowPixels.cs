using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution;

/// <summary>The part of one pooling window that lies inside the map, along one axis.</summary>
internal readonly record struct WindowPixels(int First, int End, int Padded)
{
    /// <summary>Window <paramref name="index"/> of an axis; <see cref="Padded"/> also counts the padding it covers.</summary>
    public static WindowPixels Of(WindowAxis axis, int index)
    {
        int start = index * axis.Stride - axis.PadBefore;
        return new WindowPixels(
            Math.Max(start, 0),
            Math.Min(start + axis.Kernel, axis.Input),
            Math.Min(start + axis.Kernel, axis.Input + axis.PadAfter) - start);
    }
}
