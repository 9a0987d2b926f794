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
    /// Share that is left of the output converter's rounding beside the terms: 1/K where each read is converted, all of it where K reads accumulate with
    /// an integration gain of 1/K and are converted once. (A converter whose range grew with K would leave 1/K^2; no device declares one.)
    /// </summary>
    /// <remarks>
    /// Calibration in accumulated reads gives what 1/K leaves out of that one conversion, q^2/12 (1 - 1/K), to the floor of the thermal law: then it is 1/K
    /// here too. That floor stays in repeats converted one by one, and overstates them a little; a device that offers both is measured in those.
    /// </remarks>
    /// <param name="mode">How the repeats are made.</param>
    /// <param name="measuredIn">How they were made when the averaging was measured.</param>
    /// <param name="repeats">K, at least 1.</param>
    public static double Converter(RedundancyMode mode, RedundancyMode measuredIn, double repeats) => ConvertsOnce(mode, measuredIn) ? 1 : 1 / repeats;

    /// <summary>Whether the terms leave out that accumulated reads are converted once.</summary>
    /// <inheritdoc cref="Converter" path="/param"/>
    public static bool ConvertsOnce(RedundancyMode mode, RedundancyMode measuredIn) =>
        mode == RedundancyMode.AccumulateThenRead && measuredIn != RedundancyMode.AccumulateThenRead;

    /// <summary>The profile of which <see cref="Factor"/> is the averaging law of every term.</summary>
    /// <param name="profile">Measured in time.</param>
    /// <param name="mode">How the repeats are made.</param>
    public static NoiseProfile Profile(NoiseProfile profile, RedundancyMode mode) => mode == RedundancyMode.SpatialCopies
        ? profile with { Terms = [.. profile.Terms.Select(term => term with { Averaging = AveragingLaw.White })] }
        : profile;
}
