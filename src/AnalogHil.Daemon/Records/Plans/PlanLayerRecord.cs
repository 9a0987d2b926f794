using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records.Plans;

/// <summary>One layer of the plan.</summary>
/// <param name="Name">Node in the model.</param>
/// <param name="N">Length of one dot product.</param>
/// <param name="Macs">Multiply-accumulates for one image.</param>
/// <param name="K">Repeats; the mean over output channels where they differ.</param>
/// <param name="NoiseBits">Effective precision of the layer's product at this K, log2(range / sqrt(12 variance) + 1); null without noise.</param>
public sealed record PlanLayerRecord(string Name, int N, long Macs, double K, double NoiseBits)
{
    /// <summary>Repeats of this layer in the uniform plan that would certify as well; null before it is known, and where no uniform plan is predicted to.</summary>
    public double? UniformK { get; init; }

    /// <summary>Time of its reads for one image, seconds, from the declared time of one read; null where not mapped.</summary>
    public double? ReadSeconds { get; init; }

    /// <summary>Repeats of each output channel; empty when all have <see cref="K"/>.</summary>
    public ImmutableArray<int> KPerChannel { get; init; } = [];
}
