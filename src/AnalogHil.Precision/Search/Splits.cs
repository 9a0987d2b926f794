using System.Collections.Immutable;
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
    /// <param name="test">The test set; each image goes to one part at most. Where only some of it were read (<see cref="LabelledImages.Drawn"/>), those that
    /// <see cref="Places"/> names must be among them; the parts are then those of the whole set.</param>
    /// <param name="searchCount">Images of the search split.</param>
    /// <param name="certificationCount">Images of the certification split.</param>
    /// <param name="seed">Equal seeds give equal splits.</param>
    /// <exception cref="PrecisionException">There are too few images, or images of the parts were not read.</exception>
    public static Splits Create(LabelledImages test, int searchCount, int certificationCount, ulong seed)
    {
        if (searchCount < FewestExamples || certificationCount < FewestExamples || (long)searchCount + certificationCount > test.SetCount)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"{test.Name} has {test.SetCount} images; {searchCount} for the search and {certificationCount} for the certification were asked for, "
                + $"each at least {FewestExamples} and together at most what there is; give more images or ask for fewer");
        }

        int[] rows = RowsOf(test, Places(test.SetCount, searchCount + certificationCount, seed));
        return new Splits(
            Take(test, rows.AsSpan(0, searchCount), "search"),
            Take(test, rows.AsSpan(searchCount), "certification"));
    }

    /// <summary>Places of the images that both parts of a split take, the search's first: with a limited split, all that has to be read of a set.</summary>
    /// <param name="count">Images of the set.</param>
    /// <param name="taken">Images of both parts together, at most <paramref name="count"/>.</param>
    /// <param name="seed">Seed of the split.</param>
    public static ImmutableArray<int> Places(int count, int taken, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken, count);
        int[] order = [.. Enumerable.Range(0, count)];
        Permutation.Shuffle(order, seed);
        return [.. order.AsSpan(0, taken)];
    }

    /// <summary>Those images that the search part of a split does not have, for a set of which perhaps only some were read.</summary>
    /// <param name="test">The test set, or what was read of it.</param>
    /// <param name="searchCount">Images of the search split.</param>
    /// <param name="seed">Seed of the split.</param>
    public static LabelledImages Unsearched(LabelledImages test, int searchCount, ulong seed)
    {
        HashSet<int> searched = [.. Places(test.SetCount, searchCount, seed)];
        int[] rows = [.. Enumerable.Range(0, test.Count).Where(row => !searched.Contains(test.Drawn?.Places[row] ?? row))];
        return Take(test, rows, "unsearched");
    }

    private static int[] RowsOf(LabelledImages test, ImmutableArray<int> places)
    {
        if (test.Drawn is not { } drawn)
        {
            return [.. places];
        }

        Dictionary<int, int> rows = drawn.Places.Select((place, row) => (place, row)).ToDictionary(one => one.place, one => one.row);
        return [.. places.Select(place => rows.TryGetValue(place, out int row)
            ? row
            : throw new PrecisionException(
                PrecisionFault.Data,
                $"image {place} of {test.Name} belongs to the split but is not among the {test.Count} of {drawn.Of} that were read; read those of this seed, or all"))];
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
