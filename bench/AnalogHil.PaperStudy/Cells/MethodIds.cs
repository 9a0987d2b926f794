namespace AnalogHil.PaperStudy.Cells;

/// <summary>The methods of a row of the study, in the order in which they are run: some need the figures of others.</summary>
internal static class MethodIds
{
    public const string Uniform = "uniform";
    public const string OursLayer = "ours-layer";
    public const string PaperLayer = "paper-layer";
    public const string OursChannel = "ours-channel";
    public const string PaperChannel = "paper-channel";
    public const string OursFullLayer = "ours-full-layer";
    public const string OursFullChannel = "ours-full-channel";
    public const string PaperFullLayer = "paper-full-layer";
    public const string Integer = "integer";
    public const string PaperSearch = "paper-search";

    /// <summary>Not run: follows from the cells of <see cref="OursLayer"/> and <see cref="OursFullLayer"/>.</summary>
    public const string OursKept = "ours-kept-layer";

    public static IReadOnlyList<string> All { get; } = [Uniform, OursLayer, PaperLayer, OursFullLayer, PaperFullLayer, OursChannel, PaperChannel, OursFullChannel, Integer, PaperSearch];

    /// <summary>Cells of the same network and law that must be there first.</summary>
    public static IReadOnlyList<string> Needs(string method) => method switch
    {
        Uniform => [],
        OursLayer or OursChannel or OursFullLayer or OursFullChannel => [Uniform],
        PaperFullLayer => [Uniform, OursLayer, PaperLayer],
        PaperLayer or Integer => [Uniform, OursLayer],
        PaperChannel => [Uniform, OursChannel],
        _ => [Uniform, OursLayer],
    };

    /// <summary>Name in tables.</summary>
    public static string Title(string method) => method switch
    {
        Uniform => "uniform",
        OursLayer => "our shares, per layer",
        PaperLayer => "paper, per layer",
        OursChannel => "our shares, per channel",
        OursFullLayer => "ours, per layer",
        OursFullChannel => "ours, per channel",
        PaperFullLayer => "paper, per layer, our ranges and correction",
        PaperChannel => "paper, per channel",
        OursKept => "ours, the cheaper of its two, per layer",
        Integer => "our shares, per layer, whole K",
        _ => "paper with its own search, per layer",
    };

    public static bool IsOurs(string method) => method is OursLayer or OursChannel or Integer;

    /// <summary>Whether full scales and a digital correction are learned.</summary>
    public static bool IsFull(string method) => method is OursFullLayer or OursFullChannel or PaperFullLayer;

    public static bool IsPaper(string method) => method is PaperLayer or PaperChannel or PaperSearch;

    public static bool PerChannel(string method) => method is OursChannel or PaperChannel or OursFullChannel;
}
