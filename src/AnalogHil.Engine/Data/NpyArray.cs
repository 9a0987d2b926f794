namespace AnalogHil.Engine.Data;

/// <summary>An array of a .npy file, as numbers.</summary>
/// <param name="Dims">Dimensions, outermost first.</param>
/// <param name="Values">Values, row-major.</param>
/// <typeparam name="T">float, int, long or byte.</typeparam>
public sealed record NpyArray<T>(int[] Dims, T[] Values)
    where T : unmanaged;
