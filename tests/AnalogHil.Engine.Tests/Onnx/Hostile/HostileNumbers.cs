namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>Numbers at which sizes, indices and products of them go wrong.</summary>
internal static class HostileNumbers
{
    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 3, -2, 7, 255, 256, 65535, 65536, 1 << 20, (1 << 20) + 1, 1 << 24, 1 << 26, 46341, int.MaxValue, int.MinValue, 1L << 31, 1L << 32, 1L << 40, (1L << 62) + 1,
        long.MaxValue, long.MaxValue - 1, long.MinValue,
    ];

    /// <summary>An edge, or a neighbour of what was there.</summary>
    public static long Next(Random random, long before) => random.Next(3) switch
    {
        0 => before + random.Next(-2, 3),
        1 => unchecked(before * (1L << random.Next(1, 8))),
        _ => Edges[random.Next(Edges.Length)],
    };
}
