using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Comparison;

/// <summary>Energy of one family over that of another at the same drop on the same images with the same draws.</summary>
/// <param name="Name">The family in question.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="Ratio">Ratio with its 95 % interval over the paired draws (Student, R - 1 degrees of freedom), N = R: how well these images and this learning know the ratio, not how it varies over image sets or learning runs. Unbounded where either did not reach the drop.</param>
public sealed record FixedSetRatio(string Name, string Reference, Estimate Ratio)
{
    /// <summary>What the interval covers, to be printed beside it.</summary>
    public const string Label = "fixed set: these images, paired noise draws";
}
