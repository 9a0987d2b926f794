using System.Buffers;

namespace AnalogHil.Devices.Simulation;

/// <summary>Working memory of one thread for one execution, rented: its arrays may be longer than asked for and hold old numbers.</summary>
internal sealed class ReadScratch(int vectors, int rows, int columns, int noise) : IDisposable
{
    public float[] Driven { get; } = Rent(vectors * rows);

    public float[] Squares { get; } = Rent(vectors);

    public float[] Magnitudes { get; } = Rent(vectors);

    public float[] Product { get; } = Rent(vectors * columns);

    public float[] Signal { get; } = Rent(vectors);

    public float[] Deviation { get; } = Rent(vectors);

    public float[] Sum { get; } = Rent(vectors);

    public float[] Normal { get; } = Rent(Math.Max(noise, vectors));

    public void Dispose()
    {
        foreach (float[] rented in new[] { Driven, Squares, Magnitudes, Product, Signal, Deviation, Sum, Normal })
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static float[] Rent(int length) => ArrayPool<float>.Shared.Rent(length);
}
