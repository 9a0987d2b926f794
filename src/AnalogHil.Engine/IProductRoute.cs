namespace AnalogHil.Engine;

/// <summary>Somebody else's way of computing the analog products: the device route.</summary>
public interface IProductRoute
{
    /// <summary>Computes the products of one group of one node; the engine adds the bias and goes on with the result.</summary>
    /// <param name="node">The node.</param>
    /// <param name="group">Group, 0 .. Groups - 1.</param>
    /// <param name="patches">[count x DotLength] row-major, padding as zeros.</param>
    /// <param name="count">Number of patches: images x positions.</param>
    /// <param name="products">[count x GroupChannels] row-major, to be filled.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken);
}
