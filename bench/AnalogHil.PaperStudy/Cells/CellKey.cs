namespace AnalogHil.PaperStudy.Cells;

/// <summary>One cell of the study.</summary>
/// <param name="Network">Id of the network.</param>
/// <param name="Law">Id of the law.</param>
/// <param name="Method">Id of the method.</param>
internal sealed record CellKey(string Network, string Law, string Method)
{
    public string FileName => $"{Network}.{Law}.{Method}.json";

    /// <summary>Files of the trainings of its search while that is not finished, one for each number of steps, so that another number replaces none.</summary>
    public string TrainingsName(string steps) => $"{Network}.{Law}.{Method}.{steps}.trainings.json";

    /// <summary>Whether a pattern NETWORK[:LAW[:METHOD]] with * for all names it.</summary>
    public bool Matches(string pattern)
    {
        string[] parts = pattern.Split(':');
        return One(parts, 0, Network) && One(parts, 1, Law) && One(parts, 2, Method);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Network}:{Law}:{Method}";

    private static bool One(string[] parts, int at, string value) => at >= parts.Length || parts[at] is "*" or "" || parts[at] == value;
}
