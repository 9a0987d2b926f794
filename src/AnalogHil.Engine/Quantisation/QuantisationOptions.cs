namespace AnalogHil.Engine.Quantisation;

/// <summary>How a <see cref="QuantisationCalibrator"/> makes a plan.</summary>
public sealed record QuantisationOptions
{
    /// <summary>Bits of the inputs of analog nodes.</summary>
    /// <value>Default: 8. 2 to 16, or null for float32.</value>
    public int? InputBits { get; init; } = 8;

    /// <summary>Bits of the weights.</summary>
    /// <value>Default: 8. 2 to 16, or null for float32.</value>
    public int? WeightBits { get; init; } = 8;

    /// <summary>What shares a weight grid; its range is the smallest and largest weight.</summary>
    /// <value>Default: per output channel.</value>
    public WeightGranularity WeightGranularity { get; init; } = WeightGranularity.PerChannel;

    /// <summary>How an input's range follows from what was observed.</summary>
    /// <value>Default: moving average over batches, gamma 0.01, bias-corrected.</value>
    public RangeRule InputRange { get; init; } = new MovingAverageRule();

    /// <summary>Images of one batch, for rules that look at batches.</summary>
    /// <value>Default: 32. At least 1.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Grids of the released code of Garg et al. 2021 (<see cref="AffineQuantiser.PaperCode"/>) instead of grids with an integer zero point.</summary>
    /// <value>Default: false (profile <c>corrected</c>).</value>
    public bool PaperCodeGrid { get; init; }
}
