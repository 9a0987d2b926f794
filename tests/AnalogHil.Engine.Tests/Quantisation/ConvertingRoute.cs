using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Tests.Quantisation;

/// <summary>An exact device behind converters: rounds patches and weights to the grids of a plan by the definition, in double precision.</summary>
internal sealed class ConvertingRoute(QuantisationPlan plan) : IProductRoute
{
    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        NodeQuantisation grids = plan.Nodes[node.Index];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> patch = patches.Span.Slice(row * node.DotLength, node.DotLength);
            for (int c = 0; c < node.GroupChannels; c++)
            {
                int channel = group * node.GroupChannels + c;
                ReadOnlySpan<float> weights = node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);
                AffineQuantiser? grid = grids.Weights.Count == 0 ? null : grids.Weights[grids.Weights.Count == 1 ? 0 : channel];
                double sum = 0;
                for (int k = 0; k < patch.Length; k++)
                {
                    sum += Round(grids.Input, patch[k]) * Round(grid, weights[k]);
                }

                products.Span[row * node.GroupChannels + c] = (float)sum;
            }
        }

        return ValueTask.CompletedTask;
    }

    private static double Round(AffineQuantiser? grid, float value) => grid is null
        ? value
        : grid.Scale * (Math.Clamp(Math.Round(value / grid.Scale) + grid.ZeroPoint, grid.LowestCode, grid.HighestCode) - grid.ZeroPoint);
}
