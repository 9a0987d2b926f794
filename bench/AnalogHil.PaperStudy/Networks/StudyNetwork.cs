namespace AnalogHil.PaperStudy.Networks;

/// <summary>A network of the study and the data that belong to it.</summary>
/// <param name="Id">Name in cells and files.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Model">Path of the .onnx file.</param>
/// <param name="Test">Directory of test images or texts.</param>
/// <param name="Learning">Directory of learning images; null where the test set is split in three instead.</param>
/// <param name="LearningExamples">Examples to learn from, at most what there is.</param>
/// <param name="SearchExamples">Examples on which energies at equal drop are found.</param>
/// <param name="CertificationExamples">Examples, disjoint from those, on which drops are certified; int.MaxValue for all that remain.</param>
internal sealed record StudyNetwork(
    string Id, string Title, string Model, string Test, string? Learning, int LearningExamples, int SearchExamples, int CertificationExamples)
{
    /// <summary>Whether convolutions have groups, so that the two profiles differ.</summary>
    public bool Grouped { get; init; }

    /// <summary>Whether the paper's own search, sixteen trainings at most, is affordable.</summary>
    public bool PaperSearch { get; init; }

    /// <summary>Column of the paper's table; null where the paper has no such network.</summary>
    public string? PaperColumn { get; init; }
}
