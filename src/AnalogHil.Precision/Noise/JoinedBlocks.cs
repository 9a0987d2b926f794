using AnalogHil.Core.Noise;

namespace AnalogHil.Precision.Noise;

/// <summary>The variance of a sum of partial products of neighbouring rows: their noises are independent, so that variances add up.</summary>
internal static class JoinedBlocks
{
    /// <summary>Joins them.</summary>
    /// <param name="groups">One for each row group, its rows counted from 0; slopes of |x| are either 0 or the same in all.</param>
    public static ElementVariance Of(IReadOnlyList<ElementVariance> groups)
    {
        if (groups.Any(group => group.SharedGain is not null || group.TapShares is not null))
        {
            throw new ArgumentException("noise that goes with the whole product, or knows the taps of its window, is not that of row groups", nameof(groups));
        }

        var starts = new List<int> { 0 };
        float[] constant = new float[groups[0].Channels];
        foreach (ElementVariance group in groups)
        {
            int first = starts[^1];
            starts.AddRange(group.BlockStarts.Skip(1).Select(start => first + start));
            for (int i = 0; i < constant.Length; i++)
            {
                constant[i] += group.Constant[i];
            }
        }

        return new ElementVariance([.. starts], constant, Joined(group => group.SquareSlope)!, groups[0].AbsoluteSlope)
        {
            OperandSlope = Joined(group => group.OperandSlope),
            ProductSlope = Joined(group => group.ProductSlope),
        };

        float[]? Joined(Func<ElementVariance, float[]?> slopes) => groups.All(group => slopes(group) is null)
            ? null
            : [.. groups.SelectMany(group => slopes(group) ?? new float[group.Blocks * group.Channels])];
    }

    /// <summary>The same law without noise.</summary>
    public static ElementVariance Silent(ElementVariance law) =>
        new(law.BlockStarts, new float[law.Channels], new float[law.SquareSlope.Length], new float[law.Channels])
        {
            OperandSlope = law.OperandSlope is null ? null : new float[law.OperandSlope.Length],
            ProductSlope = law.ProductSlope is null ? null : new float[law.ProductSlope.Length],
        };
}
