using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>Plans as text: writes them with their hash, and reads only what is whole and agrees with itself.</summary>
public static class PlanFileJson
{
    private const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    // The text goes to a file, never into a page: names and units stay readable.
    private static readonly PlanFileJsonContext Context = new(
        new JsonSerializerOptions(PlanFileJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Indented JSON with the hash of itself, a newline at the end.</summary>
    /// <exception cref="PlanFileException">The plan contradicts itself.</exception>
    public static string Serialize(PlanFile plan)
    {
        PlanFileCheck.Require(plan, "the plan");
        string text = JsonSerializer.Serialize(plan with { Sha256 = NoHash }, Context.PlanFile) + "\n";
        return text.Replace(NoHash, HashOf(text), StringComparison.Ordinal);
    }

    /// <summary>Reads a plan, checks it and its hash.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="source">Its path, for messages.</param>
    /// <exception cref="PlanFileException">It is no plan, of another version, damaged, or contradicts itself.</exception>
    public static PlanFile Deserialize(string text, string source)
    {
        PlanFile? plan;
        try
        {
            RequireSchema(text, source);
            plan = JsonSerializer.Deserialize(text, Context.PlanFile);
        }
        catch (JsonException wrong)
        {
            string place = wrong.LineNumber is { } line ? $"line {line + 1}, {wrong.Path ?? "$"}" : wrong.Path ?? "$";
            throw new PlanFileException($"{source}: {place}: {Plain(wrong.Message)}; see docs/plan-file.md, or write the plan anew with hil plan learn", wrong);
        }

        if (plan is null)
        {
            throw new PlanFileException($"{source}: $ is null; a plan is an object of the schema {PlanFile.CurrentSchema}, write one with hil plan learn");
        }

        plan = WithArrays(plan);
        PlanFileCheck.Require(plan, source);
        if (plan.Sha256 is { } told && told != HashOf(text.Replace(told, NoHash, StringComparison.Ordinal)))
        {
            throw new PlanFileException(
                $"{source}: $.sha256 is {told}, but the text has {HashOf(text.Replace(told, NoHash, StringComparison.Ordinal))}: it was changed after it was written; take the original, or set sha256 to null if the change is meant");
        }

        return plan;
    }

    /// <summary>Reads a plan file.</summary>
    /// <exception cref="PlanFileException">It cannot be read or used.</exception>
    public static PlanFile Read(string path) => Deserialize(ReadText(path), path);

    /// <summary>The text of a plan file, unchecked.</summary>
    /// <exception cref="PlanFileException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new PlanFileException($"{path} cannot be read: {unreadable.Message.TrimEnd('.')}; check the path", unreadable);
        }
    }

    /// <summary>Generated readers leave an array that a file does not have as no array at all, which can be neither shown nor written.</summary>
    private static PlanFile WithArrays(PlanFile plan) => plan with
    {
        Advice = plan.Advice.IsDefault ? [] : plan.Advice,
        Points = plan.Points.IsDefault ? [] : plan.Points,
        Assumptions = plan.Assumptions.IsDefault ? [] : plan.Assumptions,
    };

    private static void RequireSchema(string text, string source)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement schema = default;
        bool found = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("schema", out schema);
        string told = found ? schema.ToString() : "missing";
        if (told != PlanFile.CurrentSchema)
        {
            throw new PlanFileException($"{source}: $.schema is {told}, this program reads {PlanFile.CurrentSchema}; give a plan that hil plan learn wrote, or use the version of AnalogHil that wrote this one");
        }
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // The serializer repeats path and line at the end of its messages and names C# types.
    private static string Plain(string message)
    {
        int end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.').Replace("AnalogHil.Precision.PlanFiles.", "", StringComparison.Ordinal);
    }
}
