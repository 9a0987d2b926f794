using AnalogHil.Core.Noise;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Noise;

namespace AnalogHil.PaperStudy.Networks;

/// <summary>One noise law of the study, with what the paper does beside it.</summary>
/// <param name="Id">thermal, weight or shot; with <c>@paper-code</c> for N as the released code counts it.</param>
/// <param name="Noise">The law.</param>
/// <param name="Quantised">Whether inputs and weights are on 8-bit grids, as in the paper for thermal and weight noise.</param>
internal sealed record LawCase(string Id, ReferenceNoiseOptions Noise, bool Quantised)
{
    /// <summary>Ending of the cases that count N without groups, as the released code does; what else it does otherwise is not in them.</summary>
    public const string PaperCode = "@paper-code";

    /// <summary>aJ of a photon at 1550 nm.</summary>
    public const double AttojoulesPerPhoton = 0.1281578;

    public bool InPhotons => Noise.Law == ReferenceLawKind.Shot;

    /// <summary>Unit of E.</summary>
    public string Unit => InPhotons ? "photons" : "reads";

    public PaperOptions Recipe => PaperOptions.For(Noise.Law);

    /// <summary>The laws for a network: the released code's N too where convolutions have groups.</summary>
    public static IEnumerable<LawCase> For(bool grouped)
    {
        LawCase[] plain =
        [
            new("thermal", ReferenceNoiseOptions.Thermal, true),
            new("weight", ReferenceNoiseOptions.Weight, true),
            new("shot", ReferenceNoiseOptions.Shot, false),
        ];
        return grouped
            ? plain.Concat(plain.Where(law => law.Id != "weight").Select(
                law => law with { Id = law.Id + PaperCode, Noise = law.Noise with { Profile = ReferenceProfile.PaperCode } }))
            : plain;
    }
}
