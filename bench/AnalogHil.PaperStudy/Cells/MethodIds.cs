namespace AnalogHil.PaperStudy.Cells;

/// <summary>The methods of a row of the study, in the order in which they are run: some need the figures of others.</summary>
internal static class MethodIds
{
    public const string Uniform = "uniform";
    public const string OursLayer = "ours-layer";
    public const string PaperLayer = "paper-layer";
    public const string OursChannel = "ours-channel";
    public const string PaperChannel = "paper-channel";
    public const string Integer = "integer";
    public const string PaperSearch = "paper-search";

    public static IReadOnlyList<string> All { get; } = [Uniform, OursLayer, PaperLayer, OursChannel, PaperChannel, Integer, PaperSearch];

    /// <summary>Cells of the same network and law that must be there first.</summary>
    public static IReadOnlyList<string> Needs(string method) => method switch
    {
        Uniform => [],
        OursLayer or OursChannel => [Uniform],
        PaperLayer or Integer => [Uniform, OursLayer],
        PaperChannel => [Uniform, OursChannel],
        _ => [Uniform, OursLayer],
    };

    /// <summary>Name in tables.</summary>
    public static string Title(string method) => method switch
    {
        Uniform => "uniform",
        OursLayer => "ours, per layer",
        PaperLayer => "paper, per layer",
        OursChannel => "ours, per channel",
        PaperChannel => "paper, per channel",
        Integer => "ours, per layer, whole K",
        _ => "paper with its own search, per layer",
    };

    public static bool IsOurs(string method) => method is OursLayer or OursChannel or Integer;

    public static bool IsPaper(string method) => method is PaperLayer or PaperChannel or PaperSearch;

    public static bool PerChannel(string method) => method is OursChannel or PaperChannel;
}
