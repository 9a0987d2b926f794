using System.Collections.Immutable;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Inputs;

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
    public static Splits Of(CampaignState state) => Of(state.Inputs.Test, state.Request);

    /// <summary>The same outside a campaign.</summary>
    public static Splits Of(LabelledImages test, CampaignRequest request)
    {
        (int search, int certification) = SizesOf(test, request);
        return Splits.Create(test, search, certification, SeedOf(request));
    }

    /// <summary>Places, in a test set of so many images, of those that a campaign with a limit of images uses.</summary>
    public static ImmutableArray<int> PlacesOf(int count, CampaignRequest request) => Splits.Places(count, Most(count, request.MaxImages), SeedOf(request));

    /// <summary>Images of either part.</summary>
    public static (int Search, int Certification) SizesOf(CampaignState state) => SizesOf(state.Inputs.Test, state.Request);

    private static (int Search, int Certification) SizesOf(LabelledImages test, CampaignRequest request) => SizesOf(test, request.MaxImages);

    /// <summary>Images of either part of a test set of which at most so many are used; 0 for all.</summary>
    public static (int Search, int Certification) SizesOf(LabelledImages test, int maxImages)
    {
        int most = Most(test.SetCount, maxImages);
        int search = (int)(SearchShare * most);
        return (search, most - search);
    }

    private static int Most(int count, int maxImages) => maxImages == 0 ? count : Math.Min(maxImages, count);

    private static ulong SeedOf(CampaignRequest request) => CampaignSeeds.Of(request.Seed, CampaignPhase.Unspecified);
}
