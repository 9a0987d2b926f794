namespace AnalogHil.Cli.Doctoring;

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Found">What it is.</param>
/// <param name="Remedy">What to do; empty where nothing is to be done.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Found, string Remedy)
{
    /// <summary>It is as it must be.</summary>
    public static Finding Ok(string check, string found) => new(check, FindingLevel.Ok, found, "");

    /// <summary>Some work needs it.</summary>
    public static Finding Warn(string check, string found, string remedy) => new(check, FindingLevel.Warn, found, remedy);

    /// <summary>It must be mended.</summary>
    public static Finding Fail(string check, string found, string remedy) => new(check, FindingLevel.Fail, found, remedy);
}
