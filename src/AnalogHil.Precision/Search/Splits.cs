using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Search;

/// <summary>Two disjoint parts of a test set: what a plan is chosen on, and what it is certified on and nothing else ever touches.</summary>
/// <param name="Search">Images to choose on.</param>
/// <param name="Certification">Images to certify on.</param>
public sealed record Splits(LabelledImages Search, LabelledImages Certification)
{
    /// <summary>Fewest examples in a split: with fewer no drop of a few points can be told from zero.</summary>
    public const int FewestExamples = 100;

    /// <summary>Splits a test set at random.</summary>
    /// <param name="test">The test set; each image goes to one part at most.</param>
    /// <param name="searchCount">Images of the search split.</param>
    /// <param name="certificationCount">Images of the certification split.</param>
    /// <param name="seed">Equal seeds give equal splits.</param>
    /// <exception cref="PrecisionException">There are too few images.</exception>
    public static Splits Create(LabelledImages test, int searchCount, int certificationCount, ulong seed)
    {
        if (searchCount < FewestExamples || certificationCount < FewestExamples || (long)searchCount + certificationCount > test.Count)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"{test.Name} has {test.Count} images; {searchCount} for the search and {certificationCount} for the certification were asked for, "
                + $"each at least {FewestExamples} and together at most what there is; give more images or ask for fewer");
        }

        int[] order = [.. Enumerable.Range(0, test.Count)];
        Permutation.Shuffle(order, seed);
        return new Splits(
            Take(test, order.AsSpan(0, searchCount), "search"),
            Take(test, order.AsSpan(searchCount, certificationCount), "certification"));
    }

    private static LabelledImages Take(LabelledImages test, ReadOnlySpan<int> chosen, string part)
    {
        float[] pixels = new float[chosen.Length * test.Shape.Size];
        int[] labels = new int[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            test.Slice(chosen[i], 1).Span.CopyTo(pixels.AsSpan(i * test.Shape.Size));
            labels[i] = test.Labels[chosen[i]];
        }

        return new LabelledImages($"{test.Name}/{part}", test.Shape, pixels, labels);
    }
}
