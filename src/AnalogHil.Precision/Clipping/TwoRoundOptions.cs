using AnalogHil.Precision.Methods.Correction;

namespace AnalogHil.Precision.Clipping;

/// <summary>How <see cref="TwoRoundLearning"/> learns. With the defaults it passes at most 4,768 images forward and 3,584 backward: a tenth of the 48,032
/// that the paper's recipe passes each way.</summary>
public sealed record TwoRoundOptions
{
    /// <summary>Full scales.</summary>
    public ClipOptions Clips { get; init; } = new();

    /// <summary>Steps at the predicted energy.</summary>
    /// <value>Default: 32.</value>
    public int FirstSteps { get; init; } = 32;

    /// <summary>Steps at the energy that was then found to be needed.</summary>
    /// <value>Default: 64.</value>
    public int SecondSteps { get; init; } = 64;

    /// <summary>Share of the steps that the first round makes, 0 .. 1.</summary>
    public double FirstShare => (double)FirstSteps / Math.Max(FirstSteps + SecondSteps, 1);

    /// <summary>Rates and batch of both rounds.</summary>
    public CorrectionOptions Correction { get; init; } = new();
}
