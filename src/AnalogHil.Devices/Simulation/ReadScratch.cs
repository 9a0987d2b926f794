namespace AnalogHil.Devices.Simulation;

/// <summary>Working memory of one thread for one execution.</summary>
internal sealed class ReadScratch(int vectors, int rows, int columns, int noise)
{
    public float[] Driven { get; } = new float[vectors * rows];

    public float[] Squares { get; } = new float[vectors];

    public float[] Magnitudes { get; } = new float[vectors];

    public float[] Product { get; } = new float[vectors * columns];

    public float[] Signal { get; } = new float[vectors];

    public float[] Deviation { get; } = new float[vectors];

    public float[] Sum { get; } = new float[vectors];

    public float[] Normal { get; } = new float[Math.Max(noise, vectors)];
}
