using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Bits;

/// <summary>A joint choice of bits and K beside the plan in use.</summary>
/// <param name="Chosen">The choice.</param>
/// <param name="InUse">The plan in use with the converters as they are.</param>
/// <param name="CleanAccuracy">Of the float32 network on the trial examples.</param>
/// <param name="InUseDrop">Float32 against the plan in use: paired counts on the trial examples, one noise draw each.</param>
/// <param name="ChosenDrop">Float32 against the choice: paired counts.</param>
/// <param name="Change">The plan in use against the choice, with the same draws: paired counts.</param>
public sealed record BitStudyResult(
    BitPlan Chosen, BitPlan InUse, double CleanAccuracy, PairedCounts InUseDrop, PairedCounts ChosenDrop, PairedCounts Change);
