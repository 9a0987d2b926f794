using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Routines;

/// <summary>
/// Separates the mix of an armed device: a short pilot, then the reads that <see cref="ReadAllotment"/> plans from it, then looks until every interval
/// meets its target. Reads are archived first and fitted from the archive, so that the result is that of a later refit.
/// </summary>
/// <remarks>
/// Stopping on a width that depends on the estimate takes 0.1 to 0.2 points off the coverage of 95 % intervals; the error rate is divided by
/// <see cref="Correction"/> to make up for it.
/// </remarks>
/// <param name="device">Opened and armed.</param>
/// <param name="options">Targets.</param>
/// <param name="archive">Where reads go.</param>
/// <param name="read">Gives back what is archived.</param>
/// <param name="there">Vectors of a series on a tile that the archive holds; null for none. With it a stopped routine goes on where it was.</param>
public sealed class MixRoutine(
    IAnalogDevice device, MixRoutineOptions options, IDescribedReadArchive archive, Func<ArchivedReads> read, Func<string, int, int>? there = null)
{
    /// <summary>What the error rate of intervals is divided by for looking more than once.</summary>
    public const double Correction = 1.1;

    private const int MostLooks = 24;
    private const double LargestGrowth = 4;
    private const double LeastGrowth = 1.03;

    /// <summary>Reads and fits.</summary>
    /// <param name="terms">Shapes to look for.</param>
    /// <param name="tiles">Tiles to pool over.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <exception cref="CalibrationException">The terms cannot be separated on this device, or its converter is too coarse.</exception>
    /// <exception cref="DeviceException">The device rebooted, disconnected or contradicts itself.</exception>
    public async Task<MixRoutineResult> RunAsync(ImmutableArray<MixTerm> terms, ImmutableArray<int> tiles, CancellationToken cancellationToken)
    {
        ProbePattern[] patterns = [.. ProbePattern.Corners(device.Capabilities).Where(pattern => Needed(pattern.Name, terms))];
        int[] vectors = [.. patterns.Select(_ => Math.Max(4, options.PilotVectors))];
        var held = new Dictionary<(string Series, int Tile), int>();
        var faults = new List<TileFault>();
        var acquirer = new Acquirer(device, options.Acquisition, archive);
        RefitOptions refit = new() { Mix = new MixFitOptions { Confidence = 1 - (1 - options.Confidence) / Correction } };
        for (int look = 1; ; look++)
        {
            PlannedSeries[] plan = [.. patterns.Select((pattern, i) => new PlannedSeries(pattern,
                [.. tiles.Where(tile => !faults.Exists(fault => fault.Tile == tile))], vectors[i]))];
            faults.AddRange(await acquirer.RunAsync(plan, (series, tile) => Held(held, series, tile), cancellationToken).ConfigureAwait(false));
            foreach (PlannedSeries series in plan)
            {
                foreach (int tile in series.Tiles)
                {
                    held[(series.Name, tile)] = Math.Max(Held(held, series.Name, tile), series.VectorsPerTile);
                }
            }

            RefitResult fit = ArchiveRefit.Fit(read(), terms, refit);
            double excess = fit.Mix.Terms.Max(term => Excess(term, fit));
            if (excess <= 1 || look == MostLooks || vectors.All(n => n >= options.MostVectors))
            {
                RefitResult told = excess <= 1
                    ? fit
                    : fit with { Warnings = [.. fit.Warnings, $"the widest interval is {excess:F2} times its target after {vectors.Max()} vectors a tile; "
                        + $"raise MostVectors (about {excess * excess:F1} times the reads are needed)"] };
                return new MixRoutineResult(told, look, acquirer.Reads, [.. faults], excess <= 1);
            }

            vectors = Next(patterns, vectors, fit, excess);
        }
    }

    private int Held(Dictionary<(string Series, int Tile), int> held, string series, int tile) =>
        held.TryGetValue((series, tile), out int vectors) ? vectors : there?.Invoke(series, tile) ?? 0;

    private int[] Next(ProbePattern[] patterns, int[] vectors, RefitResult fit, double excess)
    {
        (MixTerm, double)[] strengths =
            [.. fit.Mix.Terms.Select(term => (term.Term, Math.Max(term.Present ? term.Sigma.Value : 0, Negligible(term.Term, fit))))];
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + 1 - (1 - options.Confidence) / Correction));
        double step = device.Capabilities.QuantiserStep;
        ReadAllotment plan = ReadAllotment.Plan(
            [.. patterns.Select(pattern => (pattern.Name, pattern.Conditions))], device.Capabilities.FullScale, strengths, step * step / 12,
                2 * options.RelativeHalfWidth / z);

        // Reads of a vector on every usable column; a mean costs one vector in a call.
        double[] perVector =
            [.. patterns.Select((pattern, i) => Math.Max(1, fit.Points.First(point => point.Observation.Point == pattern.Name).Observation.Dof / vectors[i]))];
        int[] wanted =
        [
            .. patterns.Select((_, i) =>
            {
                // A plan far ahead is a plan from poor strengths: half of the way, then it is made anew.
                double planned = Math.Ceiling(plan.Reads[i] / perVector[i]);
                double next = planned > 1.5 * vectors[i] ? Math.Min(0.5 * (planned + vectors[i]), LargestGrowth * vectors[i]) : planned;
                return (int)Math.Min(options.MostVectors, Math.Max(vectors[i], Math.Ceiling(next)));
            }),
        ];
        if (wanted.Sum(n => (long)n) < LeastGrowth * vectors.Sum(n => (long)n))
        {
            // The plan is all but read and an interval is still a little wide: as much more as it is too wide, where the plan has no reads to spare.
            double more = Math.Clamp(excess * excess, LeastGrowth, LargestGrowth);
            bool[] spent = [.. patterns.Select((_, i) => plan.Reads[i] >= 0.98 * vectors[i] * perVector[i])];
            wanted = [.. vectors.Select((n, i) => spent[i] || !spent.Contains(true) ? (int)Math.Min(options.MostVectors, Math.Ceiling(n * more)) : n)];
        }

        return wanted;
    }

    /// <summary>
    /// Strength to plan for where a term is too small to be worth its interval. To tell its share s from less than the one that counts takes an error of s /
    /// 1.6;
    /// a term of six times s planned for an interval of 5 % has half of that, on the safe side.
    /// </summary>
    private double Negligible(MixTerm term, RefitResult fit)
    {
        DeviceFullScale full = device.Capabilities.FullScale;
        double least = fit.Points.Min(point => point.Observation.Conditions.Shape(term, full) is var shape and > 0 ? point.Observation.Variance / shape
            : double.PositiveInfinity);
        return Math.Sqrt(6 * options.AbsentShare * least);
    }

    private double Excess(MixTermFit term, RefitResult fit)
    {
        DeviceFullScale full = device.Capabilities.FullScale;
        double largest = term.Sigma.Interval.High * term.Sigma.Interval.High;
        double share = fit.Points.Max(point => largest * point.Observation.Conditions.Shape(term.Term, full) / point.Observation.Variance)
            / options.AbsentShare;
        return term.Present ? Math.Min(share, term.Sigma.RelativeHalfWidth / options.RelativeHalfWidth) : share;
    }

    // Every point costs a pilot; those that tell none of the terms from another are left out.
    private static bool Needed(string point, ImmutableArray<MixTerm> terms) => point switch
    {
        "part" => terms.Contains(MixTerm.ShotDirect),
        "weight" => terms.Contains(MixTerm.ShotOscillator) || terms.Contains(MixTerm.Input),
        "product" => terms.Contains(MixTerm.RelativeIntensity),
        "full" => terms.Any(term => term is MixTerm.ShotBalanced or MixTerm.RelativeIntensity),
        "input" => terms.Any(term => term is not (MixTerm.Thermal or MixTerm.ThermalPerRow)),
        _ => true,
    };
}
