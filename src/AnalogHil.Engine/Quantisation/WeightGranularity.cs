namespace AnalogHil.Engine.Quantisation;

/// <summary>What shares a weight grid.</summary>
public enum WeightGranularity
{
    /// <summary>All weights of a node: one full scale for all its columns.</summary>
    PerTensor,

    /// <summary>The weights of one output channel: its column has a gain of its own.</summary>
    PerChannel,
}
