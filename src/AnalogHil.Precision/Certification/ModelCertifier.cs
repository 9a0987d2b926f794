using System.Collections.Immutable;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Certification;

/// <summary>
/// Certifies allocations on the model route by paired non-inferiority. Several energies are tested from high to low and the first that is not accepted ends
/// it: an order fixed beforehand keeps the level for all of them together.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="noise">Its noise.</param>
/// <param name="target">Largest drop to be tolerated, a fraction in (0, 1).</param>
/// <param name="batch">Images in one pass.</param>
/// <param name="seed">Seed of the noise, other than the search's.</param>
/// <param name="draws">Noise draws; null for one, fresh for every example.</param>
/// <param name="alpha">One-sided level, in (0, 0.5): less than 5 % where this certification shares its level with others. Several draws know 5 % only.</param>
public sealed class ModelCertifier(
    INetwork network, INoiseModel noise, double target, int batch, ulong seed, CertificationDraws? draws = null, double alpha = 0.05)
{
    private readonly CertificationDraws _draws = draws ?? new CertificationDraws();

    /// <summary>Certifies.</summary>
    /// <param name="name">Name for the record.</param>
    /// <param name="points">Allocations chosen without these examples, in any order, each with d drop / d ln E there as the search found it; 0 where that is not known.</param>
    /// <param name="examples">Examples that nothing was chosen on.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The examples do not fit the network or are too few to accept even without any loss.</exception>
    public Certificate Run(
        string name, IReadOnlyList<(EnergyPoint Point, double Slope)> points, LabelledImages examples, CancellationToken cancellationToken)
    {
        if (points.Count == 0)
        {
            throw new PrecisionException(PrecisionFault.PlanDoesNotFit, $"{name}: no allocation is given to certify; give at least one");
        }

        DataCheck.Fits(network, examples);
        _draws.Require();
        if (_draws.Count > 1 && alpha != 0.05)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                FormattableString.Invariant($"{_draws.Count} noise draws at a one-sided level of {100 * alpha:0.##} %; ")
                    + "several draws are certified at 5 % only: use one draw, or 5 %");
        }

        RequireEnough(examples, target, alpha);
        bool[] clean = Correctness.Of(network, examples, null, 0, batch, cancellationToken);
        var tried = ImmutableArray.CreateBuilder<CertifiedPoint>();
        (EnergyPoint Point, double Slope)? accepted = null;
        foreach ((EnergyPoint Point, double Slope) point in points.OrderByDescending(one => one.Point.MeanEnergy))
        {
            tried.Add(Try(point.Point, clean, examples, tried.Count, cancellationToken));
            if (tried[^1].Decision.Verdict != Verdict.Accept)
            {
                break;
            }

            accepted = point;
        }

        (EnergyPoint kept, double slope) = accepted ?? points.MaxBy(one => one.Point.MeanEnergy);
        CertifiedPoint record = tried.Last(one => accepted is null || one.Decision.Verdict == Verdict.Accept);
        double error = record.Observed.Error;
        return new Certificate(
            name,
            kept,
            record.Decision,
            examples.Count,
            _draws.Count,
            new Estimate(kept.MeanEnergy, EnergyInterval.Around(kept.MeanEnergy, error, slope), "1", examples.Count),
            slope < 0 ? error / -slope : double.PositiveInfinity,
            target,
            tried.ToImmutable())
        {
            Observed = record.Observed,
            CleanAccuracy = Correctness.Share(clean),
            ProgrammingSigma = _draws.ProgrammingSigma,
            Alpha = alpha,
        };
    }

    private CertifiedPoint Try(EnergyPoint point, bool[] clean, LabelledImages examples, int order, CancellationToken cancellationToken)
    {
        INetwork run = point.Network ?? network;
        NodeNoise[] fresh = (point.Noise ?? noise).At(point.Layers);
        if (fresh.FirstOrDefault(node => node.Held is { ImagesPerDraw: > 1 }) is { } held)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"the noise holds one draw for {held.Held!.ImagesPerDraw} examples, which are then not independent, "
                    + "as the interval of the drop takes them to be; certify with a draw for each example, whose expected accuracy is the same");
        }

        NodeNoise[] nodes = _draws.WithShared(run, fresh);
        var noisy = new bool[_draws.Count][];
        for (int r = 0; r < noisy.Length; r++)
        {
            noisy[r] = Correctness.Of(run, examples, nodes, GaussianKey.Derive(seed, 0xCE27, (ulong)(order + ((long)r << 32))).Value, batch, cancellationToken);
        }

        CrossedDrop drop = CrossedDrop.Of(clean, noisy, _draws.AreShared, alpha);
        return new CertifiedPoint(
            point.MeanEnergy,
            noisy.Length == 1 ? NonInferiority.Decide(PairedCounts.Of(clean, noisy[0]), target, alpha) : CrossedDecision.Decide(drop, target),
            drop);
    }

    /// <summary>Refuses examples that could not accept even if the noise changed nothing.</summary>
    internal static void RequireEnough(LabelledImages examples, double target, double alpha = 0.05)
    {
        long needed = NonInferiority.FewestExamples(target, alpha);
        if (examples.Count >= needed)
        {
            return;
        }

        throw new PrecisionException(
            PrecisionFault.Data,
            FormattableString.Invariant($"{examples.Count} examples of {examples.Name} are too few to certify a drop below {100 * target:0.00######} points ")
                + $"even if the noise changed nothing; give at least {needed}, or allow a larger drop");
    }
}
