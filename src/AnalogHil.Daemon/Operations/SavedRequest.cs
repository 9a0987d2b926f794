using System.Globalization;
using System.Text.Json;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>The request of a campaign, kept beside its record so that it can be resumed with nothing but its directory.</summary>
internal static class SavedRequest
{
    /// <summary>Name of the file in the record's directory.</summary>
    public const string FileName = RecordFiles.Request;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Keeps a request.</summary>
    public static void Write(CampaignRequest request) =>
        AtomicFile.Write(Path.Combine(request.OutputDirectory, FileName), JsonSerializer.SerializeToUtf8Bytes(request, Format));

    /// <summary>The request that the campaign in a directory began with.</summary>
    /// <exception cref="CampaignException">NotResumable: there is none, or it is damaged.</exception>
    public static CampaignRequest Read(string directory)
    {
        string file = Path.Combine(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<CampaignRequest>(File.ReadAllText(file), Format) ?? throw new JsonException("it holds null");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                $"{directory} holds no campaign: {file}: {exception.Message.TrimEnd('.')}; name the directory that hil run --out wrote",
                exception);
        }
    }

    /// <summary>Refuses to mix two campaigns in one record.</summary>
    /// <exception cref="CampaignException">NotResumable: something differs; the message lists it all.</exception>
    public static void RequireSame(CampaignRequest earlier, CampaignRequest now)
    {
        var differences = new List<string>();
        Compare("bench", earlier.BenchFile, now.BenchFile);
        Compare("model", earlier.ModelFile, now.ModelFile);
        Compare("data", earlier.DataDirectory, now.DataDirectory);
        Compare("max drop", Text(earlier.MaxDropPoints), Text(now.MaxDropPoints));
        Compare("seed", Text(earlier.Seed), Text(now.Seed));
        Compare("max images", Text(earlier.MaxImages), Text(now.MaxImages));
        Compare("sigma half-width", Text(earlier.SigmaHalfWidthPercent), Text(now.SigmaHalfWidthPercent));
        Compare("digital correction", earlier.Corrected ? "learned" : "none", now.Corrected ? "learned" : "none");
        if (differences.Count > 0)
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                $"the campaign in {now.OutputDirectory} was asked for differently: {string.Join("; ", differences)}; leave these options out, or start a new campaign without --resume");
        }

        void Compare(string what, string before, string after)
        {
            if (before != after)
            {
                differences.Add($"{what} was {before}, is now {after}");
            }
        }
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
