using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>
/// The steps near the end of a network, where feature maps are small and weights large: a block of images goes through them together, so that
/// weights are read from memory once for all of its images. The steps before go image by image, so that feature maps stay in the caches.
/// </summary>
internal sealed class LatePart
{
    // Half of a third-level cache of 32 MiB.
    private const long BlockBytes = 16 << 20;

    // Weights that a second-level cache of 1 MiB holds anyway need no block.
    private const long LeastWeights = 1 << 20;

    private LatePart(int firstStep, BufferPlan early, BufferPlan late, IReadOnlyList<GraphValue> handedOver)
    {
        FirstStep = firstStep;
        Early = early;
        Late = late;
        HandedOver = handedOver;
    }

    /// <summary>First step of the part.</summary>
    public int FirstStep { get; }

    /// <summary>Where values of the steps before live.</summary>
    public BufferPlan Early { get; }

    /// <summary>Where values of the part live.</summary>
    public BufferPlan Late { get; }

    /// <summary>Values made before and read in the part.</summary>
    public IReadOnlyList<GraphValue> HandedOver { get; }

    /// <summary>Finds the part; null where nothing is gained.</summary>
    public static LatePart? Find(NetworkGraph graph, IReadOnlyList<ValueLifetime> lives, int block)
    {
        int steps = graph.Nodes.Count;
        long[] live = new long[steps];
        foreach (ValueLifetime life in lives)
        {
            for (int step = Math.Max(life.First, 0); step <= Math.Min(life.Last, steps - 1); step++)
            {
                live[step] += life.Value.Shape.Size;
            }
        }

        int first = steps;
        long weights = 0;
        while (first > 0 && live[first - 1] * block * sizeof(float) <= BlockBytes)
        {
            first--;
            weights += graph.Nodes[first].Operation is ProductOperation product ? product.Weights.LongLength : 0;
        }

        if (weights * sizeof(float) < LeastWeights)
        {
            return null;
        }

        GraphValue[] crossing = [.. lives.Where(life => life.First < first && life.Last >= first).Select(life => life.Value)];
        return new LatePart(
            first,
            BufferPlan.Share(graph.ValueCount, lives.Where(life => life.First < first).Select(life => life with { Last = Math.Min(life.Last, first) })),
            BufferPlan.Share(graph.ValueCount, lives.Where(life => life.Last >= first)),
            crossing);
    }
}
