namespace AnalogHil.Precision.Methods.Correction;

/// <summary>What a correction is learned towards.</summary>
/// <remarks>
/// A few hundred images have that many labels, but hundreds of thousands of probabilities. Towards labels alone, gains and offsets of thousands of channels
/// fit those images; towards answers alone, what the labels say beyond them is lost.
/// </remarks>
public enum CorrectionAim
{
    /// <summary>The mean of the label and of the answer.</summary>
    Both,

    /// <summary>The network's own answers without noise (<see cref="CleanAnswers"/>).</summary>
    Answers,

    /// <summary>The labels.</summary>
    Labels,
}
