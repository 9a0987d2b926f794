namespace AnalogHil.Precision.Learning;

/// <summary>How finely K is learned.</summary>
public enum Granularity
{
    /// <summary>One K for all channels of a layer.</summary>
    Layer,

    /// <summary>One K for each output channel; the device must offer K per column.</summary>
    Channel,

    /// <summary>One K for each group of rows that the device reads at once: a row block of a tile, whose partial products are added up digitally.</summary>
    Rows,
}
