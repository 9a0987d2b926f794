using System.Collections.Immutable;

namespace AnalogHil.Calibration.Quantised;

/// <summary>How often each code of the output converter was read by one column with one and the same input: all that a converter leaves of the reads.</summary>
/// <param name="Codes">Ascending codes and their counts, each above 0.</param>
public sealed record CodeHistogram(ImmutableArray<(int Code, long Count)> Codes)
{
    /// <summary>Reads.</summary>
    public long Reads => Codes.Sum(code => code.Count);

    /// <summary>Counts reads that lie on the converter's levels.</summary>
    /// <param name="reads">Dot-product units, as converted (gain and offset still in).</param>
    /// <param name="step">q, above 0.</param>
    /// <exception cref="ArgumentException">No reads, a step of 0, or a read that is not finite.</exception>
    public static CodeHistogram Of(ReadOnlySpan<float> reads, double step)
    {
        if (reads.IsEmpty || !(step > 0))
        {
            throw new ArgumentException($"{reads.Length} reads on a step of {step}; codes take reads and a step above 0", nameof(reads));
        }

        var counts = new SortedDictionary<int, long>();

        // Levels may lie on multiples of q or half way between; only distances from the first read count.
        double origin = reads[0];
        foreach (float read in reads)
        {
            if (!float.IsFinite(read))
            {
                throw new ArgumentException($"a read of {read} has no code; screen the reads first", nameof(reads));
            }

            int code = (int)Math.Round((read - origin) / step);
            counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        return new CodeHistogram([.. counts.Select(pair => (pair.Key, pair.Value))]);
    }
}
