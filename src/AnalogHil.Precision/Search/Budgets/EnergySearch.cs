using System.Globalization;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>Smallest energy of a family that a certification to come is predicted to accept, by common random numbers and sequential stopping on a search split.</summary>
/// <param name="network">The network.</param>
/// <param name="noise">Its noise, calibrated or of the literature.</param>
/// <param name="options">What is searched for.</param>
/// <param name="time">Clock for the remaining time.</param>
public sealed class EnergySearch(INetwork network, INoiseModel noise, SearchOptions options, TimeProvider time)
{
    /// <summary>Searches; computes for seconds to hours without giving up the thread.</summary>
    /// <param name="family">Allocations to choose from.</param>
    /// <param name="images">The search split, disjoint from the certification's.</param>
    /// <param name="lowest">Least mean energy.</param>
    /// <param name="highest">Largest mean energy.</param>
    /// <param name="guess">Where to begin.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The images do not fit the network.</exception>
    public EnergyOutcome Run(
        IEnergyFamily family,
        LabelledImages images,
        double lowest,
        double highest,
        double guess,
        IProgress<PrecisionProgress>? progress,
        CancellationToken cancellationToken)
    {
        DataCheck.Fits(network, images);
        if (!(lowest > 0 && highest >= lowest))
        {
            throw new PrecisionException(PrecisionFault.Budget, $"energies from {lowest:G4} to {highest:G4} hold none above 0; give a lowest above 0 and a highest that is not below it");
        }

        var clock = new PhaseClock(time, PrecisionPhase.Search, progress);
        var search = new BudgetSearch(
            new ModelRouteDrops(network, noise, images, options.Batch, options.Seed),
            family.At,
            new AcceptanceRule(options.Target, options.CertificationExamples, options.Acceptance),
            options,
            (point, done) => clock.Report(
                done,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{family.Name}: {point.Energy:G4} {options.EnergyUnit} per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ({point.Images} images, {point.Seeds} draws)"),
                point.Repeats));
        return search.Run(lowest, highest, guess, cancellationToken);
    }
}
