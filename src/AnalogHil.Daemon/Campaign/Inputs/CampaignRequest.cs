using System.Text.Json.Serialization;

namespace AnalogHil.Daemon.Campaign.Inputs;

/// <summary>What a campaign is asked to do. All paths are absolute.</summary>
/// <param name="BenchFile">Bench file.</param>
/// <param name="ModelFile">ONNX model.</param>
/// <param name="DataDirectory">Directory of the images.</param>
/// <param name="MaxDropPoints">Largest accepted loss of accuracy, percentage points; in (0, 100).</param>
/// <param name="Seed">Seed of every random number that the campaign draws.</param>
/// <param name="OutputDirectory">Directory of the record.</param>
/// <param name="Resume">Whether to continue the record that is there.</param>
/// <param name="MaxImages">Most test images for search and validation together; 0 for all.</param>
/// <param name="SigmaHalfWidthPercent">Half-width of the 95 % interval of each sigma at which calibration stops, percent of the value.</param>
public sealed record CampaignRequest(
    string BenchFile,
    string ModelFile,
    string DataDirectory,
    double MaxDropPoints,
    ulong Seed,
    string OutputDirectory,
    bool Resume,
    int MaxImages,
    double SigmaHalfWidthPercent = 5)
{
    /// <summary>Whether a digital gain and offset of every channel, and full scales, are learned too; they are used where they need less declared energy.</summary>
    /// <value>false.</value>
    public bool Corrected { get; init; }

    /// <summary>Fencing epoch of the lease on the bench; 0 where it needs none. Not kept: a resumed campaign has its own.</summary>
    /// <value>0.</value>
    [JsonIgnore]
    public long Epoch { get; init; }
}
