using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>The noise that was planned against.</summary>
/// <param name="Kind">"law": a law of the literature; "calibrated": measured on a device.</param>
/// <param name="Law">Written form of the law, such as thermal:0.01; null for a calibrated one.</param>
/// <param name="Terms">Measured terms; empty for a law.</param>
/// <param name="Record">Directory of the campaign's record that they were measured in; null for a law.</param>
/// <param name="RecordSha256">SHA-256 of that record's report.json, lower-case hex; null for a law.</param>
/// <param name="Device">Serial number of the device; null for a law.</param>
/// <param name="EnergyUnit">What E = 1 is: <see cref="Reads"/>, or <see cref="Photons"/> under shot noise alone with one photon a read.</param>
public sealed record PlanNoise(
    string Kind, string? Law, ImmutableArray<PlanNoiseTerm> Terms, string? Record, string? RecordSha256, string? Device, string EnergyUnit)
{
    /// <summary>"paper-code" where the law is read as the released code of Garg et al. 2021 does (<see cref="Noise.LawNoise"/>); null for the equations and
    /// for a device.</summary>
    public string? Profile { get; init; }

    /// <summary><see cref="UpperLimits"/> where the plan was made at the upper confidence limit of every measured sigma; null for the estimates and for a
    /// law.</summary>
    public string? Sigmas { get; init; }

    /// <summary>Value of <see cref="Sigmas"/>.</summary>
    public const string UpperLimits = "upper-limits";

    /// <summary>Unit of E where it counts repeats.</summary>
    public const string Reads = "reads per MAC";

    /// <summary>Unit of E where a read is one photon.</summary>
    public const string Photons = "photons per MAC";

    /// <summary>Kind of a law of the literature.</summary>
    public const string OfLaw = "law";

    /// <summary>Kind of measured noise.</summary>
    public const string OfDevice = "calibrated";
}
