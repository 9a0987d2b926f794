namespace AnalogHil.Precision.Clipping;

/// <summary>Variance of an output channel as a function of the full scales dW and dx: dW^2 (Receiver dx^2 + Weight X + Direct dx M), with the patch's sums of squares X
/// and of magnitudes M. What grows with no full scale is not in it.</summary>
/// <param name="Receiver">Noise that is added behind the product.</param>
/// <param name="Weight">Noise of the weights.</param>
/// <param name="Direct">Shot noise of photocurrents without a local oscillator.</param>
internal readonly record struct SpanVariance(double Receiver, double Weight, double Direct)
{
    /// <summary>The variance for dW = 1.</summary>
    /// <param name="inputSpan">dx.</param>
    /// <param name="patchSquares">Mean of X over patches.</param>
    /// <param name="patchMagnitudes">Mean of M over patches.</param>
    public double ForUnitWeights(double inputSpan, double patchSquares, double patchMagnitudes) =>
        Receiver * inputSpan * inputSpan + Weight * patchSquares + Direct * inputSpan * patchMagnitudes;
}
