using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;

namespace AnalogHil.Precision.Allocation;

/// <summary>
/// What K repeats leave of each part of the noise, by how they are made. Repeats in time follow the measured averaging law. Copies on cells of their own
/// draw their own noise, slow and static parts included, so that all of it goes with 1/K; what their inputs share (rounding, a common laser) stays.
/// </summary>
public static class ModeAveraging
{
    /// <summary>Share of one read's variance that is left of a term.</summary>
    /// <param name="law">Averaging law measured in time.</param>
    /// <param name="mode">How the repeats are made.</param>
    /// <param name="repeats">K, at least 1.</param>
    public static double Factor(AveragingLaw law, RedundancyMode mode, double repeats) =>
        mode == RedundancyMode.SpatialCopies ? AveragingLaw.White.Factor(repeats) : law.Factor(repeats);

    /// <summary>Share that no K removes.</summary>
    /// <inheritdoc cref="Factor" path="/param"/>
    public static double FloorShare(AveragingLaw law, RedundancyMode mode) =>
        mode == RedundancyMode.SpatialCopies ? 0 : law.V0 / (law.V1 + law.V0);

    /// <summary>
    /// Share that is left of the output converter's rounding: 1/K where each read is converted, all of it where K reads accumulate with an integration
    /// gain of 1/K and
    /// are converted once. (A converter whose range grew with K would leave 1/K^2; no device declares one.)
    /// </summary>
    /// <param name="mode">How the repeats are made.</param>
    /// <param name="repeats">K, at least 1.</param>
    public static double Converter(RedundancyMode mode, double repeats) => mode == RedundancyMode.AccumulateThenRead ? 1 : 1 / repeats;

    /// <summary>The profile of which <see cref="Factor"/> is the averaging law of every term.</summary>
    /// <param name="profile">Measured in time.</param>
    /// <param name="mode">How the repeats are made.</param>
    public static NoiseProfile Profile(NoiseProfile profile, RedundancyMode mode) => mode == RedundancyMode.SpatialCopies
        ? profile with { Terms = [.. profile.Terms.Select(term => term with { Averaging = AveragingLaw.White })] }
        : profile;
}
