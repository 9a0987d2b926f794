using System.Collections;
using AnalogHil.Core.Noise;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine;

/// <summary>
/// Noise laws that were checked against a network and made ready once (<see cref="INetwork.Bind"/>), to be injected into many calls: such a call allocates
/// nothing. A copy: later changes of the
/// arrays it was made of do not reach it. Other networks take it as a plain list.
/// </summary>
public sealed class BoundNoise : IReadOnlyList<NodeNoise?>
{
    private readonly NodeNoise?[] _nodes;

    internal BoundNoise(IReadOnlyList<NodeNoise?> nodes, IReadOnlyList<AnalogStep> steps)
    {
        _nodes = [.. nodes.Select(node => node is null ? null : Copy(node))];
        Laws = NodeLaws.Prepare(_nodes, steps);
    }

    /// <inheritdoc/>
    public int Count => _nodes.Length;

    internal NodeLaws Laws { get; }

    /// <inheritdoc/>
    public NodeNoise? this[int index] => _nodes[index];

    /// <inheritdoc/>
    public IEnumerator<NodeNoise?> GetEnumerator() => ((IEnumerable<NodeNoise?>)_nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NodeNoise Copy(NodeNoise node) => new(Copy(node.Variance)!, Copy(node.EnergySlope))
    {
        Held = node.Held is { } held ? held with { Variance = Copy(held.Variance)!, EnergySlope = Copy(held.EnergySlope) } : null,
    };

    private static ElementVariance? Copy(ElementVariance? law) => law is null
        ? null
        : new ElementVariance([.. law.BlockStarts], [.. law.Constant], [.. law.SquareSlope], [.. law.AbsoluteSlope])
        {
            OperandSlope = law.OperandSlope is { } operand ? [.. operand] : null,
            ProductSlope = law.ProductSlope is { } product ? [.. product] : null,
            TapShares = law.TapShares is { } shares ? [.. shares] : null,
            SharedGain = law.SharedGain is { } gains ? [.. gains] : null,
        };
}
