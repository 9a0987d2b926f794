using AnalogHil.Core.Plans;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Plans as clients see them.</summary>
internal static class PlanMessages
{
    /// <summary>The redundancy of each layer, in graph order.</summary>
    public static IEnumerable<LayerRepeat> ToMessages(this PrecisionPlan plan) => plan.Layers.Select(layer => new LayerRepeat
    {
        Name = layer.Layer, Repeats = layer.MeanRepeats, DotLength = layer.DotLength, Macs = layer.Macs, Mode = ModeNames.Of(layer.Mode),
    });
}
