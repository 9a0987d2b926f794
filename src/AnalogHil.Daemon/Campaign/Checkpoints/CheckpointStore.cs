using System.Text.Json;
using System.Text.Json.Serialization;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Checkpoints;

/// <summary>Results of finished steps, kept in the record's directory so that a later run can go on from there.</summary>
/// <param name="directory">Directory of the record.</param>
/// <param name="fingerprint">What the results depend on.</param>
internal sealed class CheckpointStore(string directory, Fingerprint fingerprint)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        // Intervals of absent terms are open above; noise bits without noise are infinite.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new AveragingLawConverter(), new IntervalConverter() },
    };

    /// <summary>Keeps the result of a step.</summary>
    public void Save<T>(CampaignPhase phase, T result)
    {
        string file = FileOf(phase);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(new Checkpoint<T>(fingerprint, result), Format));
    }

    /// <summary>The kept result of a step; null when it did not finish.</summary>
    /// <exception cref="CampaignException">NotResumable: it is damaged, cannot be read, or was made from something else.</exception>
    public T? Load<T>(CampaignPhase phase)
        where T : class
    {
        string file = FileOf(phase);
        if (!File.Exists(file))
        {
            return null;
        }

        Checkpoint<T> kept = Read<T>(file);
        IReadOnlyList<string> differences = fingerprint.DifferencesFrom(kept.Fingerprint);
        return differences.Count == 0
            ? kept.Result
            : throw new CampaignException(
                ErrorReason.NotResumable,
                $"{file} was made from something else: {string.Join("; ", differences)}; put that back, or start a new campaign without --resume");
    }

    /// <summary>The kept result of a step whatever it was made from: for a reader who checks that himself. Null when it did not finish.</summary>
    /// <exception cref="CampaignException">NotResumable: it is damaged, or cannot be read.</exception>
    public static T? Peek<T>(string directory, CampaignPhase phase)
        where T : class
    {
        string file = FileOf(directory, phase);
        return File.Exists(file) ? Read<T>(file).Result : null;
    }

    /// <summary>What the kept result of a step was made from; null when it did not finish.</summary>
    /// <exception cref="CampaignException">NotResumable: it is damaged, or cannot be read.</exception>
    public static Fingerprint? FingerprintOf(string directory, CampaignPhase phase)
    {
        string file = FileOf(directory, phase);
        return File.Exists(file) ? Read<JsonElement>(file).Fingerprint : null;
    }

    private static Checkpoint<T> Read<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Checkpoint<T>>(File.ReadAllText(file), Format) ?? throw new JsonException("it holds null");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.NotResumable, $"{file} cannot be read: {unreadable.Message.TrimEnd('.')}; permit reading it, or start a new campaign", unreadable);
        }
        catch (Exception damaged) when (damaged is JsonException or NotSupportedException or ArgumentException)
        {
            // An argument: a figure that contradicts itself, such as an interval upside down.
            throw new CampaignException(
                ErrorReason.NotResumable, $"{file} is damaged: {damaged.Message}; remove it to have the step done again, or start a new campaign", damaged);
        }
    }

    private string FileOf(CampaignPhase phase) => FileOf(directory, phase);

    private static string FileOf(string directory, CampaignPhase phase) =>
        Path.Combine(directory, "checkpoints", PhaseNames.Of(phase).Replace(' ', '-') + ".json");

    private sealed record Checkpoint<T>(Fingerprint Fingerprint, T Result);
}
