using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AnalogHil.Calibration.Drift;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What a watch knows of a bench from one probe to the next, over restarts of the daemon: a file a bench.</summary>
internal sealed class DriftMemory
{
    private readonly string _path;
    private Content? _content;

    private DriftMemory(string path) => _path = path;

    /// <summary>Why the plan cannot be kept up; null while it is.</summary>
    public string? Degraded => _content?.Degraded;

    /// <summary>
    /// Whether the plan is to be looked at under a calibration: it was not since a renewal, whatever kept it from that, or it was not kept up under
    /// another one.
    /// </summary>
    public bool OwesJudgement(CalibrationDocument document) =>
        _content is { } known && (known.Owed || (known.Degraded is not null && known.Judged != document.Id));

    /// <summary>The memory of a bench.</summary>
    /// <param name="directory">Directory of all memories.</param>
    /// <param name="benchFile">Bench file.</param>
    /// <param name="told">Told when there is one that cannot be read: the watch begins anew.</param>
    public static DriftMemory Of(string directory, string benchFile, Action<string> told)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(benchFile)))[..16];
        var memory = new DriftMemory(Path.Combine(directory, $"{Path.GetFileNameWithoutExtension(benchFile)}-{name}.json"));
        if (File.Exists(memory._path))
        {
            try
            {
                memory._content = JsonSerializer.Deserialize<Content>(File.ReadAllText(memory._path), ResultJson.Options);
            }
            catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
            {
                told($"{memory._path} cannot be read ({damaged.Message}); the drift watch begins anew");
            }
        }

        return memory;
    }

    /// <summary>What was gathered about a calibration; null for another one, or nothing.</summary>
    public DriftEvidence? EvidenceOf(CalibrationDocument document) => _content?.Calibration == document.Id ? _content.Evidence : null;

    /// <summary>Keeps what was gathered about a calibration.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(CalibrationDocument document, DriftEvidence? evidence) =>
        Write((_content ?? new Content(document.Id, null, null)) with { Calibration = document.Id, Evidence = evidence });

    /// <summary>
    /// Notes, before a renewed calibration is put in use, that the plan is to be looked at under it: until <see cref="Judge"/>, over restarts.
    /// </summary>
    /// <param name="document">The calibration that drifted.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Owe(CalibrationDocument document) => Write((_content ?? new Content(document.Id, null, null)) with { Owed = true });

    /// <summary>Keeps whether the plan can be kept up under a calibration.</summary>
    /// <param name="document">The calibration.</param>
    /// <param name="degraded">Why not; null where it can.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Judge(CalibrationDocument document, string? degraded) =>
        Write(new Content(document.Id, EvidenceOf(document), degraded) { Judged = document.Id });

    private void Write(Content content)
    {
        AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(content, ResultJson.Options));
        _content = content;
    }

    // Evidence is about Calibration; Degraded is why the plan was not kept up under Judged.
    private sealed record Content(string Calibration, DriftEvidence? Evidence, string? Degraded)
    {
        public string? Judged { get; init; }

        public bool Owed { get; init; }
    }
}
