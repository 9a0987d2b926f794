namespace AnalogHil.Engine.Graph.Operations;

/// <summary>What a pooling window reports.</summary>
internal enum PoolKind
{
    /// <summary>The largest value.</summary>
    Maximum,

    /// <summary>The mean.</summary>
    Mean,
}
