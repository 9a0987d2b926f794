namespace AnalogHil.Daemon.Records.Plans;

/// <summary>Full scales of inputs and weights that were learned with the plan; what lies beyond is driven, or written, as the full scale. The values are in
/// checkpoints/learn.json.</summary>
/// <param name="InputLow">Smallest full scale of a layer's inputs, over the largest input seen on calibration images.</param>
/// <param name="InputHigh">Largest.</param>
/// <param name="WeightLow">Smallest full scale of a channel's weights, over its largest weight.</param>
/// <param name="WeightMedian">Median over channels.</param>
/// <param name="WeightsCut">Share of all weights that are written as their full scale.</param>
public sealed record PlanFullScaleRecord(double InputLow, double InputHigh, double WeightLow, double WeightMedian, double WeightsCut)
{
    /// <summary>Share of the inputs that lie beyond their full scale in the layer with most: in the network without noise, with nothing cut; null where it was not
    /// counted.</summary>
    public double? InputsCut { get; init; }

    /// <summary>Calibration images that it was counted on; 0 where not recorded.</summary>
    public int InputImages { get; init; }
}
