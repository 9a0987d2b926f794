using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.Clipping;

/// <summary>Full scales of one product.</summary>
/// <param name="InputLow">Smallest input that is left.</param>
/// <param name="InputHigh">Largest input that is left.</param>
/// <param name="Weights">Of each output channel.</param>
internal sealed record NodeClip(double InputLow, double InputHigh, WeightClip[] Weights)
{
    /// <summary>Grids of as many bits between these ends.</summary>
    public NodeQuantisation On(NodeQuantisation start)
    {
        int bits = start.Weights.Count > 0 ? start.Weights[0].Bits : AffineQuantiser.MaxBits;
        return new NodeQuantisation(
            start.Name,
            AffineQuantiser.FromRange((float)InputLow, (float)InputHigh, start.Input!.Bits, isSigned: InputLow < 0),
            [.. Weights.Select(weight => AffineQuantiser.FromRange((float)weight.Low, (float)weight.High, bits, isSigned: weight.Low < 0))]);
    }
}
