namespace AnalogHil.Engine.Tests.Execution;

/// <summary>A device without any error, computed from the node's published weights and the patches alone.</summary>
internal sealed class ExactRoute : IProductRoute
{
    public int Calls { get; private set; }

    public Action? Called { get; init; }

    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        Calls++;
        Called?.Invoke();
        Assert.Equal(count * node.DotLength, patches.Length);
        Assert.Equal(count * node.GroupChannels, products.Length);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> patch = patches.Span.Slice(row * node.DotLength, node.DotLength);
            for (int c = 0; c < node.GroupChannels; c++)
            {
                ReadOnlySpan<float> weights = node.Weights.Span.Slice((group * node.GroupChannels + c) * node.DotLength, node.DotLength);
                double sum = 0;
                for (int k = 0; k < node.DotLength; k++)
                {
                    sum += (double)patch[k] * weights[k];
                }

                products.Span[row * node.GroupChannels + c] = (float)sum;
            }
        }

        return ValueTask.CompletedTask;
    }
}
