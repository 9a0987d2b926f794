using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Mix;

/// <summary>Whether a set of probes is worth reading at all: what it costs against the best allotment over the corners.</summary>
/// <param name="Reads">Reads that the probes take in equal parts.</param>
/// <param name="BestReads">Reads that the corners take.</param>
/// <param name="Refusal">Null, or why the probes are refused.</param>
public sealed record ProbeAdequacy(double Reads, double BestReads, string? Refusal)
{
    /// <summary>Largest ratio of reads that is accepted.</summary>
    public const double LargestRatio = 10;

    /// <summary>Judges probes against corners.</summary>
    /// <param name="probes">What is to be read.</param>
    /// <param name="corners">What could be read instead.</param>
    /// <param name="full">The device's spans.</param>
    /// <param name="terms">Terms with the sigma expected of each.</param>
    /// <param name="converter">Variance of the converter's own noise.</param>
    /// <param name="relativeError">Relative standard deviation of sigma^2 asked for.</param>
    public static ProbeAdequacy Judge(
        IReadOnlyList<(string Name, ProbeConditions Conditions)> probes,
        IReadOnlyList<(string Name, ProbeConditions Conditions)> corners,
        DeviceFullScale full,
        IReadOnlyList<(MixTerm Term, double Sigma)> terms,
        double converter,
        double relativeError)
    {
        double best = ReadAllotment.Plan(corners, full, terms, converter, relativeError).Total;
        double reads;
        try
        {
            reads = ReadAllotment.ReadsInEqualParts(probes, full, terms, converter, relativeError);
        }
        catch (CalibrationException inseparable) when (inseparable.Fault == CalibrationFault.Unsupported)
        {
            return new(double.PositiveInfinity, best, inseparable.Message);
        }

        double inputs = probes.Max(probe => probe.Conditions.InputSquares / probe.Conditions.Rows);
        double weights = probes.Max(probe => probe.Conditions.WeightSquares / probe.Conditions.Rows);
        return new(
            reads,
            best,
            reads <= LargestRatio * best
                ? null
                : $"these probes need {reads:G3} reads for {relativeError:P0} on every variance, the corners {best:G3} ({reads / best:F0} times fewer, "
                    + $"limit {LargestRatio}): mean squares of inputs up to {inputs:G2} and of weights "
                + $"up to {weights:G2} of full scale leave too little of {string.Join(", ", terms.Select(term => term.Term))} to tell apart; "
                + "drive inputs and weights to full scale at the corners instead of with network data");
    }
}
