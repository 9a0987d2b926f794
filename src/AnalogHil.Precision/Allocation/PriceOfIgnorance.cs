using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Allocation;

/// <summary>
/// What it costs to plan against the upper confidence limits of sigma instead of the estimates, and what more reads would save. To second order a loss L
/// takes B = (sum sqrt(s n))^2 / ((L - floor) sum n); an interval shrinks with the root of the number of reads, that of sigma^2 where sigma was not told from
/// zero.
/// </summary>
/// <param name="EnergyAtEstimate">Mean E per MAC for the loss if every sigma is as estimated.</param>
/// <param name="EnergyAtUpperLimit">The same if every sigma is at its upper limit; infinite where the floor alone then exceeds the loss.</param>
/// <param name="MoreReads">Further reads of each term.</param>
/// <param name="EnergyWithMoreReads">Mean E per MAC at the upper limits expected after them.</param>
public sealed record PriceOfIgnorance(double EnergyAtEstimate, double EnergyAtUpperLimit, long MoreReads, double EnergyWithMoreReads)
{
    /// <summary>Energy that not knowing sigma better costs, as a share of that at the estimates.</summary>
    public double Price => EnergyAtUpperLimit / EnergyAtEstimate - 1;

    /// <summary>Share of the energy at the upper limits that the reads are expected to save.</summary>
    public double Saving => double.IsPositiveInfinity(EnergyAtUpperLimit)
        ? double.IsPositiveInfinity(EnergyWithMoreReads) ? 0 : 1
        : 1 - EnergyWithMoreReads / EnergyAtUpperLimit;

    /// <summary>One sentence for a person.</summary>
    public string Sentence => double.IsPositiveInfinity(EnergyAtUpperLimit)
        ? string.Create(CultureInfo.InvariantCulture, $"at the upper limits of sigma the floor alone exceeds the loss, so no energy is enough; at the estimates {EnergyAtEstimate:G4} repeats per MAC are: calibrate with more reads")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"planning against the upper limits of sigma takes {100 * Price:0.#} % more energy than the estimates would; {MoreReads} more reads of each term would save {100 * Saving:0.#} % energy (to second order in the noise)");

    /// <summary>Computes the price for the loss of a plan.</summary>
    /// <param name="sensitivities">Loss of each part of the noise.</param>
    /// <param name="mode">How repeats are made.</param>
    /// <param name="loss">Loss to be kept, nats, floors included; that of the plan in question.</param>
    /// <param name="moreReads">Further reads of each term, above 0.</param>
    /// <exception cref="PrecisionException">The loss is below the floor even at the estimates.</exception>
    public static PriceOfIgnorance Of(TermSensitivities sensitivities, RedundancyMode mode, double loss, long moreReads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(moreReads, 1);
        double atEstimate = Energy(sensitivities, mode, loss, []);
        if (double.IsPositiveInfinity(atEstimate))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                $"a loss of {loss:G4} nats is not above the floor of {sensitivities.Floor(mode):G4} that no repeats remove; allow a larger loss or use a quieter device");
        }

        double[] upper = [.. sensitivities.Terms.Select(term => term.Sigma.Interval.High)];
        double[] later =
        [
            .. sensitivities.Terms.Select(term => term.Sigma.Value
                + (term.Sigma.Interval.High - term.Sigma.Value)
                    * Math.Pow(term.Sigma.N / (double)(term.Sigma.N + moreReads), term.Sigma.Value > 0 ? 0.5 : 0.25)),
        ];
        return new PriceOfIgnorance(atEstimate, Energy(sensitivities, mode, loss, upper), moreReads, Energy(sensitivities, mode, loss, later));
    }

    private static double Energy(TermSensitivities sensitivities, RedundancyMode mode, double loss, ReadOnlySpan<double> sigmas)
    {
        double room = loss - sensitivities.Floor(mode, sigmas);
        var problem = new AllocationProblem(sensitivities.AveragingPart(mode, sigmas), sensitivities.Cost);
        return room > 0 ? problem.PredictedGain() * problem.Sensitivity.Sum() / room : double.PositiveInfinity;
    }
}
