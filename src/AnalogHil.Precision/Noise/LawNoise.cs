using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Noise;

/// <summary>Noise to learn against from a written law, by the paper's equations or by its authors' code.</summary>
public static class LawNoise
{
    /// <summary>Name of profile <see cref="ReferenceProfile.PaperCode"/> in commands and files.</summary>
    public const string PaperCode = "paper-code";

    /// <summary>Name of profile <see cref="ReferenceProfile.Corrected"/> in commands and files.</summary>
    public const string Corrected = "corrected";

    /// <summary>The laws of a network.</summary>
    /// <param name="network">The network; for the code's reading one with ReLU for ReLU6.</param>
    /// <param name="laws">Each at E = 1; a single one for the code's reading.</param>
    /// <param name="profile">Equations, or the released code.</param>
    /// <param name="images">Calibration images, which give dx.</param>
    /// <param name="count">Images.</param>
    /// <param name="ranges">Range of every node's input where it is known; null to observe it.</param>
    /// <exception cref="PrecisionException">The laws cannot be learned against, or not as the code has them.</exception>
    public static INoiseModel Of(
        INetwork network, ReferenceLaws laws, ReferenceProfile profile, ReadOnlyMemory<float> images, int count, IReadOnlyList<InputRange>? ranges = null) =>
        profile == ReferenceProfile.Corrected
            ? WrittenLawNoise.Create(network, laws, images.Span, count, ranges)
            : ReferenceNoiseModel.Create(network, InCode(laws), images, count, ranges);

    /// <summary>A written law as the released code has it.</summary>
    /// <exception cref="PrecisionException">There are several laws, or one with an energy or a lifetime of its own.</exception>
    public static ReferenceNoiseOptions InCode(ReferenceLaws laws)
    {
        if (laws.Laws is not [{ Energy: 1, Lifetime.IsHeld: false, Kind: ReferenceLawKind.Thermal or ReferenceLawKind.Weight or ReferenceLawKind.Shot } law]
            || (law.Kind == ReferenceLawKind.Shot && law.Strength != 1))
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"the authors' code has one noise at a time, with lifetimes of its own: {laws} is none that profile {PaperCode} knows; give thermal:SIGMA, "
                    + $"weight:SIGMA or shot:1, or profile {Corrected}");
        }

        return (law.Kind == ReferenceLawKind.Shot ? ReferenceNoiseOptions.Shot : new ReferenceNoiseOptions(law.Kind, law.Strength)).InCode();
    }
}
