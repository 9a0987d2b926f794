namespace AnalogHil.Precision.Methods;

/// <summary>Images passed through a network. An image that goes forward and back counts once in each.</summary>
/// <param name="Forward">Images passed forward.</param>
/// <param name="Backward">Images passed backward.</param>
public readonly record struct ImageCost(long Forward, long Backward)
{
    /// <summary>Passes of both directions.</summary>
    public long Total => Forward + Backward;

    /// <summary>What was passed since.</summary>
    public ImageCost Since(ImageCost before) => new(Forward - before.Forward, Backward - before.Backward);
}
