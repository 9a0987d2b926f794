namespace AnalogHil.PaperStudy.Cells;

/// <summary>The energy at which a larger network comes down to the accuracy that a smaller one keeps at its drop, measured on the search split that both share.</summary>
internal sealed record EqualPoint
{
    public required string Law { get; init; }

    /// <summary>Method of both networks' cells; the larger one's energy is shared as there, scaled by one factor.</summary>
    public required string Method { get; init; }

    /// <summary>Of both cells and everything else that decides the figures.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>E per multiply-accumulate of the larger network; its drop is what it may lose.</summary>
    public required EqualDrop Energy { get; init; }

    /// <summary>Share of the search split's images that one of both networks gets right without noise and the other does not.</summary>
    public required double CleanDiscordance { get; init; }

    /// <summary>Time it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Version of the library that ran it, with its commit where the build knew it.</summary>
    public string? Library { get; init; }
}
