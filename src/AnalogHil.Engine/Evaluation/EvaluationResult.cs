using AnalogHil.Core.Statistics;

namespace AnalogHil.Engine.Evaluation;

/// <summary>Accuracy of a model on a set of images.</summary>
/// <param name="Network">The network that was judged.</param>
/// <param name="Data">Name of the set and split.</param>
/// <param name="Preprocessing">File that declared the preprocessing; null where it was made in code.</param>
/// <param name="Images">n.</param>
/// <param name="Top1">Images whose class has the largest logit; of equal logits the first counts.</param>
/// <param name="Top5">Images whose class is among the five largest logits; null where the network has fewer than five classes.</param>
/// <param name="Calibration">Name of the images that input ranges were observed on; null where none were needed.</param>
/// <param name="CalibrationImages">How many of them.</param>
/// <param name="Elapsed">Time from the first image to the last, reading included.</param>
public sealed record EvaluationResult(
    OnnxNetwork Network, string Data, string? Preprocessing, int Images, int Top1, int? Top5, string? Calibration, int CalibrationImages, TimeSpan Elapsed)
{
    /// <summary>Level of the intervals.</summary>
    public const double Level = 0.95;

    /// <summary>Wilson's score interval of the share of right first choices: what other images of the same kind would give.</summary>
    public Interval Top1Interval => ProportionInterval.Wilson(Top1, Images, Level);

    /// <summary>The same for the first five choices.</summary>
    public Interval? Top5Interval => Top5 is { } correct ? ProportionInterval.Wilson(correct, Images, Level) : null;
}
