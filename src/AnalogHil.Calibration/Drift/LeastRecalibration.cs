using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Drift;

/// <summary>What is to be read again after an alarm so that every interval holds again, and nothing else.</summary>
/// <remarks>
/// Design points are nested: what changes at a point whose poorer neighbours stayed quiet is a term that those do not have. It rests on the poorer point being
/// the more sensitive one, as a term's share of the variance is larger there.
/// </remarks>
public static class LeastRecalibration
{
    /// <summary>Series to read again.</summary>
    /// <param name="alarms">At least one.</param>
    /// <param name="patterns">Design points of the calibration.</param>
    /// <param name="terms">Terms of its mix.</param>
    /// <param name="full">The device's spans.</param>
    /// <param name="vectors">Executions a tile and point, by point: as many as the calibration had.</param>
    public static ImmutableArray<PlannedSeries> Plan(
        IReadOnlyCollection<DriftAlarm> alarms, IReadOnlyList<ProbePattern> patterns, ImmutableArray<MixTerm> terms, DeviceFullScale full,
        Func<string, int> vectors)
    {
        var tiles = patterns.ToDictionary(pattern => pattern.Name, _ => new SortedSet<int>());
        foreach (IGrouping<int, DriftAlarm> tile in alarms.GroupBy(alarm => alarm.Tile))
        {
            HashSet<string> loud = [.. tile.Select(alarm => alarm.Point)];
            HashSet<MixTerm> causes = [.. loud.SelectMany(point => Terms(point, patterns, terms, full))];
            foreach (ProbePattern quiet in patterns.Where(pattern => !loud.Contains(pattern.Name)))
            {
                MixTerm[] own = [.. Terms(quiet.Name, patterns, terms, full)];

                // Quiet and poorer than every alarmed point that it shares a term with.
                if (loud.All(point => own.Length < Terms(point, patterns, terms, full).Count() && own.All(Terms(point, patterns, terms, full).Contains)))
                {
                    causes.ExceptWith(own);
                }
            }

            foreach (ProbePattern pattern in patterns.Where(pattern => loud.Contains(pattern.Name)
                || Terms(pattern.Name, patterns, terms, full).Any(causes.Contains)))
            {
                tiles[pattern.Name].Add(tile.Key);
            }
        }

        return
        [
            .. patterns.Where(pattern => tiles[pattern.Name].Count > 0)
                .Select(pattern => new PlannedSeries(pattern, [.. tiles[pattern.Name]], vectors(pattern.Name))),
        ];
    }

    /// <summary>The calibration's reads with those of the same series and tile that were read again in their place.</summary>
    /// <param name="before">All reads of the calibration.</param>
    /// <param name="again">What was read again.</param>
    /// <exception cref="ArgumentException">Another device or boot.</exception>
    public static ArchivedReads Renew(ArchivedReads before, ArchivedReads again)
    {
        if (before.Provenance.Device != again.Provenance.Device)
        {
            throw new ArgumentException(
                $"reads of {before.Provenance.Device.Uid} (boot {before.Provenance.Device.BootId}) cannot be renewed by those of "
                    + $"{again.Provenance.Device.Uid} (boot {again.Provenance.Device.BootId}); calibrate in full", nameof(again));
        }

        long sequence = before.Series.SelectMany(series => series.Segments).Select(segment => segment.Sequence).DefaultIfEmpty(-1).Max() + 1;
        return before with
        {
            Series =
            [
                .. before.Series.Select(series => again.Series.FirstOrDefault(other => other.Description == series.Description) is { } renewed
                    ? Joined(series, renewed, sequence) : series),
                .. again.Series.Where(series => before.Series.All(other => other.Description != series.Description)),
            ],
        };
    }

    private static ArchivedSeries Joined(ArchivedSeries before, ArchivedSeries again, long sequence)
    {
        HashSet<int> tiles = [.. again.Segments.Select(segment => segment.Tile)];
        var segments = ImmutableArray.CreateBuilder<ReadSegment>();
        var reads = new List<float>();
        void Add(ArchivedSeries series, ReadSegment segment, long number)
        {
            segments.Add(segment with { Sequence = number, FirstVector = reads.Count / series.Description.Columns });
            reads.AddRange(series.Of(segment));
        }

        foreach (ReadSegment segment in before.Segments.Where(segment => !tiles.Contains(segment.Tile)))
        {
            Add(before, segment, segment.Sequence);
        }

        foreach (ReadSegment segment in again.Segments)
        {
            Add(again, segment, sequence + segment.Sequence);
        }

        return before with { Segments = segments.ToImmutable(), Reads = [.. reads] };
    }

    private static IEnumerable<MixTerm> Terms(string point, IReadOnlyList<ProbePattern> patterns, ImmutableArray<MixTerm> terms, DeviceFullScale full)
    {
        ProbeConditions conditions = patterns.First(pattern => pattern.Name == point).Conditions;
        return terms.Where(term => conditions.Shape(term, full) > 0);
    }
}
