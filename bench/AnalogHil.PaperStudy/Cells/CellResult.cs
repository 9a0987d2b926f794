namespace AnalogHil.PaperStudy.Cells;

/// <summary>What one cell found. Drops and accuracies are fractions; E is reads (thermal, weight) or photons (shot) per multiply-accumulate.</summary>
internal sealed record CellResult
{
    public required string Network { get; init; }

    public required string Law { get; init; }

    public required string Method { get; init; }

    /// <summary>Of the model file and everything else that decides the figures.</summary>
    public required string Fingerprint { get; init; }

    public required string ModelSha256 { get; init; }

    /// <summary>Multiply-accumulates of one example in noisy products.</summary>
    public required long Macs { get; init; }

    /// <summary>Clean accuracy on the search split, float32.</summary>
    public required double FloatAccuracy { get; init; }

    /// <summary>The same of the network that the noise is added to: what <see cref="Energy"/>'s drop is counted from.</summary>
    public required double CleanAccuracy { get; init; }

    public required EqualDrop Energy { get; init; }

    public required LearningCost Learning { get; init; }

    public required CertificationResult Certification { get; init; }

    /// <summary>E of each layer at the equal drop, mean over its channels.</summary>
    public required IReadOnlyList<LayerEnergy> Layers { get; init; }

    /// <summary>Time of the run that finished the cell; trainings that an earlier run had kept are in <see cref="Learning"/> alone.</summary>
    public required double Seconds { get; init; }

    /// <summary>Version of the library that finished the cell, with its commit where the build knew it.</summary>
    public string? Library { get; init; }

    /// <summary>Anything that a reader of the figures must know.</summary>
    public string? Note { get; init; }

    public CellKey Key => new(Network, Law, Method);
}
