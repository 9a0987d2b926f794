namespace AnalogHil.Engine;

/// <summary>How a network is executed; none of it changes any result.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that share the images of one call.</summary>
    /// <value>Default: the number of processors. At least 1.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Images that go through the device route together: one call of the route per node, group and this many images.</summary>
    /// <value>Default: 64. At least 1.</value>
    public int MaxBatch { get; init; } = 64;

    /// <summary>
    /// Bytes of activations that <see cref="INetwork.Differentiate"/> may keep between its forward and backward pass; beyond it the forward pass is
    /// computed twice.
    /// </summary>
    /// <value>Default: 512 MiB, eight images of ResNet50. At least 0.</value>
    public long TapeBytes { get; init; } = 512L << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(TapeBytes);
    }
}
