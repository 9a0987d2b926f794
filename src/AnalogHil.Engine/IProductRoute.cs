namespace AnalogHil.Engine;

/// <summary>Somebody else's way of computing the analog products: the device route.</summary>
public interface IProductRoute
{
    /// <summary>Whether the route multiplies this node; else the engine computes it digitally, without error.</summary>
    /// <remarks>A device whose tiles hold one operand takes no products of two activations; one that is given both for each read can.</remarks>
    /// <value>Default: nodes with weights.</value>
    bool CanMultiply(AnalogNode node) => node.Operands == ProductOperands.Weights;

    /// <summary>Computes one head of a product of two activations for one example.</summary>
    /// <param name="node">The node.</param>
    /// <param name="group">Head, 0 .. Groups - 1.</param>
    /// <param name="rows">[Positions x DotLength] first operand, row-major.</param>
    /// <param name="columns">[GroupChannels x DotLength] columns of the second operand, as weights are.</param>
    /// <param name="products">[Positions x GroupChannels] row-major, to be filled.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    /// <exception cref="NotSupportedException">The route cannot; <see cref="CanMultiply"/> says so before.</exception>
    ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            $"node '{node.Name}': this route multiplies no two activations; ask CanMultiply first, or take the network with digital activation products");

    /// <summary>Computes the products of one group of one node; the engine adds the bias and goes on with the result.</summary>
    /// <param name="node">The node.</param>
    /// <param name="group">Group, 0 .. Groups - 1.</param>
    /// <param name="patches">[count x DotLength] row-major, padding as zeros.</param>
    /// <param name="count">Number of patches, consecutive rows of [images x positions]: of whole images unless those of one take more than 64 MiB.</param>
    /// <param name="products">[count x GroupChannels] row-major, to be filled.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken);
}
