using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution.Memory;

/// <summary>Where each value lives, in floats per image. Values that are never alive at the same time share memory.</summary>
internal sealed class BufferPlan
{
    private const long Alignment = 16;
    private readonly long[] _offsets;

    private BufferPlan(long[] offsets, long total)
    {
        _offsets = offsets;
        Total = total;
    }

    /// <summary>Floats for one image.</summary>
    public long Total { get; }

    /// <summary>Offset of value <paramref name="id"/> for one image; a block of n images starts at n times that.</summary>
    public long Offset(int id) => _offsets[id];

    /// <summary>
    /// Values alive from first to last use (inclusive step numbers) share memory where they do not overlap in time; largest first, lowest place that fits.
    /// </summary>
    /// <exception cref="ModelImportException">More than <see cref="GraphLimits.ArenaValues"/> are needed at the same time.</exception>
    public static BufferPlan Share(int values, IEnumerable<ValueLifetime> lifetimes)
    {
        long[] offsets = new long[values];
        long total = 0;
        var placed = new List<(ValueLifetime Life, long Start, long End)>();
        foreach (ValueLifetime life in lifetimes.OrderByDescending(life => life.Value.Shape.Size).ThenBy(life => life.Value.Id))
        {
            long size = (life.Value.Shape.Size + Alignment - 1) / Alignment * Alignment;
            long start = 0;
            foreach ((ValueLifetime other, long otherStart, long otherEnd) in placed)
            {
                if (other.First <= life.Last && life.First <= other.Last && start < otherEnd && otherStart < start + size)
                {
                    start = otherEnd;
                }
            }

            offsets[life.Value.Id] = start;
            placed.Add((life, start, start + size));
            placed.Sort((a, b) => a.Start.CompareTo(b.Start));
            total = Math.Max(total, start + size);
        }

        if (total > GraphLimits.ArenaValues)
        {
            throw new ModelImportException(
                $"the network needs {total} values of working memory for one image, at most {GraphLimits.ArenaValues} are accepted; the file is damaged or "
                    + "the input too large");
        }

        return new BufferPlan(offsets, total);
    }
}
