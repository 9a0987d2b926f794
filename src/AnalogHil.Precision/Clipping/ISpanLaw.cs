using AnalogHil.Engine;

namespace AnalogHil.Precision.Clipping;

/// <summary>How noise grows with the full scales of inputs and weights.</summary>
internal interface ISpanLaw
{
    /// <summary>Whether the span of the inputs counts.</summary>
    bool OfInputs { get; }

    /// <summary>Whether a full scale spans from minus to plus one magnitude and is counted by that magnitude, as differential pairs and ring weights do; else it spans from the
    /// smallest to the largest value.</summary>
    bool AreSymmetric { get; }

    /// <summary>Step of the input converter over the input's full scale, whose rounding narrower inputs make smaller; 0 where it is not to be counted.</summary>
    double InputStep { get; }

    /// <summary>The variance of each channel, or one for all.</summary>
    /// <param name="node">A product with weights.</param>
    /// <param name="energy">[one entry, or one per channel] E.</param>
    SpanVariance[] Of(AnalogNode node, double[] energy);
}
