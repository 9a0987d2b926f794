using System.Security.Cryptography;
using System.Text;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Reports;

namespace AnalogHil.Daemon.Records;

/// <summary>Keeps report.json and report.html of one campaign in a directory, each replaced atomically.</summary>
public sealed class RecordWriter
{
    /// <summary>Name of the record.</summary>
    public const string JsonName = "report.json";

    /// <summary>Name of the report for people.</summary>
    public const string HtmlName = "report.html";

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes the directory where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Making it is not permitted.</exception>
    public RecordWriter(string directory) => Location = System.IO.Directory.CreateDirectory(directory).FullName;

    /// <summary>Absolute path of the directory.</summary>
    public string Location { get; }

    /// <summary>Replaces report.json, then report.html. A crash between the two leaves a report.html one step behind, never a broken file.</summary>
    /// <returns>The text of report.json.</returns>
    /// <exception cref="ArgumentException">The record contradicts itself: complete without a verdict, or partial with one.</exception>
    /// <exception cref="IOException">A file cannot be written; what was there before is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing there is not permitted.</exception>
    public string Write(CampaignRecord record)
    {
        if (record.Status == RecordStatus.Complete != record.Verdict is not null)
        {
            throw new ArgumentException(
                $"a record with status {record.Status} and verdict {record.Verdict?.ToString() ?? "none"} contradicts itself: a verdict stands in a complete record and only there", nameof(record));
        }

        string json = RecordJson.Serialize(record);
        string html = HtmlReport.Render(record);
        AtomicFile.Write(Path.Combine(Location, JsonName), Encoding.GetBytes(json));
        AtomicFile.Write(Path.Combine(Location, HtmlName), Encoding.GetBytes(html));
        return json;
    }

    /// <summary>Reads the record in a directory.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static CampaignRecord Read(string directory) => ReadHashed(directory).Record;

    /// <summary>Reads the record in a directory, and tells the SHA-256 of the very bytes that it was read from, lower-case hex.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static (CampaignRecord Record, string Sha256) ReadHashed(string directory)
    {
        string path = Path.Combine(directory, JsonName);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{directory} holds no {JsonName}; give the directory that hil run --out wrote", path);
        }

        byte[] bytes = File.ReadAllBytes(path);
        using var text = new StreamReader(new MemoryStream(bytes), Encoding);
        return (RecordJson.Deserialize(text.ReadToEnd()), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
