namespace AnalogHil.Precision.PlanFiles;

/// <summary>The examples behind a plan; the three parts are disjoint.</summary>
/// <param name="Name">Name of the set.</param>
/// <param name="Directory">Where it was; null where that is not told.</param>
/// <param name="LearningImages">Examples that the energies were learned on.</param>
/// <param name="SearchImages">Examples that the budget was chosen on.</param>
/// <param name="CertificationImages">M: examples that nothing was chosen on.</param>
public sealed record PlanData(string Name, string? Directory, int LearningImages, int SearchImages, int CertificationImages)
{
    /// <summary>Directory of the examples that the energies were learned on, where they are not of <see cref="Directory"/>; null where they are, or where it is not told.</summary>
    public string? LearningDirectory { get; init; }
}
