using System.Globalization;

namespace AnalogHil.Daemon.Campaign.Checkpoints;

/// <summary>What the result of a step depends on. A step's stored result counts only for the same fingerprint.</summary>
/// <param name="BenchSha256">Bench file, lower-case hex.</param>
/// <param name="ModelSha256">Model file.</param>
/// <param name="DataSha256">Image and label files, in the order of their names, and the declaration of preprocessing.</param>
/// <param name="Seed">Seed of the campaign.</param>
/// <param name="MaxDropPoints">Target.</param>
/// <param name="MaxImages">Limit of test images; 0 for none.</param>
/// <param name="SigmaHalfWidthPercent">Where calibration stops.</param>
/// <param name="Version">Version and commit of the program.</param>
public sealed record Fingerprint(
    string BenchSha256, string ModelSha256, string DataSha256, ulong Seed, double MaxDropPoints, int MaxImages, double SigmaHalfWidthPercent,
    string Version)
{
    /// <summary>Whether a digital correction is learned.</summary>
    public bool Corrected { get; init; }

    /// <summary>What differs, for a person; empty when nothing does.</summary>
    public IReadOnlyList<string> DifferencesFrom(Fingerprint earlier)
    {
        var differences = new List<string>();
        Compare("bench file", earlier.BenchSha256, BenchSha256);
        Compare("model file", earlier.ModelSha256, ModelSha256);
        Compare("images or their preprocessing", earlier.DataSha256, DataSha256);
        Compare("seed", Text(earlier.Seed), Text(Seed));
        Compare("max drop", Text(earlier.MaxDropPoints), Text(MaxDropPoints));
        Compare("max images", Text(earlier.MaxImages), Text(MaxImages));
        Compare("sigma half-width", Text(earlier.SigmaHalfWidthPercent), Text(SigmaHalfWidthPercent));
        Compare("digital correction", earlier.Corrected ? "learned" : "none", Corrected ? "learned" : "none");
        Compare("program", earlier.Version, Version);
        return differences;

        void Compare(string what, string before, string now)
        {
            if (before != now)
            {
                differences.Add($"{what} was {before}, is now {now}");
            }
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
