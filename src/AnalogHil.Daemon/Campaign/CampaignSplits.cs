using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>How the test images are shared out between search and certification.</summary>
internal static class CampaignSplits
{
    /// <summary>
    /// Share of the search. Both sides' errors add up in what the plan must keep clear of the target; the certification, whose error counts
    /// once more in the verdict, gets the larger part.
    /// </summary>
    private const double SearchShare = 0.4;

    /// <summary>Fewest test images: the smaller part, the search's, must have what a split needs.</summary>
    public const int FewestTestImages = (int)(Splits.FewestExamples / SearchShare);

    /// <summary>Fewest calibration images: learning takes batches of them and keeps as many for judging.</summary>
    public static int FewestCalibrationImages { get; } = 2 * new LearningOptions().Batch;

    /// <summary>The splits of a campaign; the same seed gives the same.</summary>
    public static Splits Of(CampaignState state)
    {
        (int search, int certification) = SizesOf(state);
        return Splits.Create(state.Inputs.Test, search, certification, CampaignSeeds.Of(state.Request.Seed, CampaignPhase.Unspecified));
    }

    /// <summary>Images of either part.</summary>
    public static (int Search, int Certification) SizesOf(CampaignState state)
    {
        int most = state.Request.MaxImages == 0 ? state.Inputs.Test.Count : Math.Min(state.Request.MaxImages, state.Inputs.Test.Count);
        int search = (int)(SearchShare * most);
        return (search, most - search);
    }
}
