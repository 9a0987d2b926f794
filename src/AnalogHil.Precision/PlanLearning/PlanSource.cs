using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>Where a plan's inputs came from, for its file.</summary>
/// <param name="ModelSha256">SHA-256 of the model file, lower-case hex.</param>
/// <param name="ModelFile">Its path; null where it is not to be told.</param>
/// <param name="DataDirectory">Directory of the examples; null where it is not to be told.</param>
/// <param name="Noise">The noise.</param>
/// <param name="Code">The program.</param>
public sealed record PlanSource(string ModelSha256, string? ModelFile, string? DataDirectory, PlanNoise Noise, PlanCode Code)
{
    /// <summary>Directory of the examples that were learned from, where that is not <see cref="DataDirectory"/>; null where it is, or where it is not to be told.</summary>
    public string? LearningDirectory { get; init; }
}
