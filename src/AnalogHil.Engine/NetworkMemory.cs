namespace AnalogHil.Engine;

/// <summary>Bytes that a network holds in steady state, once a batch of this size has passed through it.</summary>
/// <remarks>
/// Counts what grows with the model and the batch: weights, their packed copy, feature maps (values that are never alive at the same time share
/// memory) and the kernels' working memory, for forward passes with noise of all three terms and one row block for each layer; every further row
/// block of a tiled device adds one number for each output position of the rows being multiplied. Clean passes need less of
/// <see cref="ScratchPerThread"/>. Learning (<see cref="INetwork.Differentiate"/>) also keeps its tape, bounded by <see cref="EngineOptions.TapeBytes"/>,
/// and gradients. The runtime itself and the caller's images are not counted.
/// </remarks>
/// <param name="Batch">Images of one call.</param>
/// <param name="Threads">Threads that such a call uses; each has its own working memory.</param>
/// <param name="ImagesAtOnce">Images that one thread takes through the layers together.</param>
/// <param name="Weights">Weights and biases of the analog nodes, in the order of <see cref="AnalogNode.Weights"/>.</param>
/// <param name="PackedWeights">The same weights in the order that the kernels read; made by the first pass.</param>
/// <param name="ActivationsPerThread">Feature maps of <paramref name="ImagesAtOnce"/> images.</param>
/// <param name="ScratchPerThread">Row pointers, gathered patches, sums for noise.</param>
/// <param name="Frames">Sets of feature maps: one for each thread, or a single one where a batch of fewer images than threads is computed by all threads
/// together.</param>
public sealed record NetworkMemory(
    int Batch, int Threads, int ImagesAtOnce, long Weights, long PackedWeights, long ActivationsPerThread, long ScratchPerThread, int Frames)
{
    /// <summary>
    /// What each thread holds on top once noise of every node was held over an inference (<see cref="HeldNoise"/>): the drawn weights of the largest layer.
    /// </summary>
    public long HeldNoisePerThread { get; init; }

    /// <summary>
    /// What the device route (<see cref="INetwork.ForwardAsync"/>) holds for this many images, at most <see cref="EngineOptions.MaxBatch"/> of them at
    /// once: their feature maps, and the patches
    /// and products of one call of the route, of which each is at most 64 MiB unless a single row is larger.
    /// </summary>
    public long DeviceRoute { get; init; }

    /// <summary>Feature maps and working memory of all threads.</summary>
    public long Working => Frames * ActivationsPerThread + Threads * ScratchPerThread;

    /// <summary>Everything together.</summary>
    public long Total => Weights + PackedWeights + Working;
}
