namespace AnalogHil.Core.Numerics;

/// <summary>
/// Counter-based standard normal numbers: number j of a key is a pure function of (key, j), so any partition of the work over threads,
/// tiles or batches draws the same numbers.
/// </summary>
public static class GaussianGenerator
{
    /// <summary>Fills <paramref name="destination"/> with numbers <paramref name="start"/>, <paramref name="start"/> + 1, ... of <paramref name="key"/>.</summary>
    public static void Fill(GaussianKey key, ulong start, Span<float> destination)
    {
        // Reference form; the vectorised generator replaces it and is tested for quality.
        for (int i = 0; i < destination.Length; i++)
        {
            ulong pair = (start + (ulong)i) / 2;
            ulong bits = GaussianKey.Derive(key.Value, pair).Value;
            double radius = Math.Sqrt(-2 * Math.Log(((bits >> 32) + 0.5) / 4294967296.0));
            double angle = 2 * Math.PI * ((bits & 0xFFFFFFFF) / 4294967296.0);
            destination[i] = (float)(radius * (((start + (ulong)i) & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }
    }
}
