namespace AnalogHil.Engine.Tests.Execution;

/// <summary>An exact device that remembers what it was asked and what it answered.</summary>
internal sealed class PatchRecorder : IProductRoute
{
    private readonly ExactRoute _exact = new();

    public Dictionary<(int Node, int Group), float[]> Patches { get; } = [];

    public Dictionary<(int Node, int Group), float[]> Products { get; } = [];

    public async ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        await _exact.MultiplyAsync(node, group, patches, count, products, cancellationToken);
        Patches[(node.Index, group)] = patches.ToArray();
        Products[(node.Index, group)] = products.ToArray();
    }
}
