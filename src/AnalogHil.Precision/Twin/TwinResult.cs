using System.Collections.Immutable;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Twin;

/// <summary>The twin check of a whole network.</summary>
/// <param name="Layers">In graph order.</param>
/// <param name="Allowed">Where every interval must lie.</param>
public sealed record TwinResult(ImmutableArray<TwinLayer> Layers, Interval Allowed)
{
    /// <summary>Whether every layer agrees: without it the verdict cannot be ACCEPT.</summary>
    public bool Agrees => Layers.All(layer => layer.Agrees(Allowed));
}
