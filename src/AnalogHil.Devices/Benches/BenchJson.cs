using System.Text.Json;

namespace AnalogHil.Devices.Benches;

/// <summary>Opens the project's JSON files: strict JSON, no comments, no property twice.</summary>
internal static class BenchJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The bytes of a file.</summary>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BenchFileException(path, [new BenchFileError("", $"cannot be read ({error.Message})", "check the path and its permissions")]);
        }
    }

    /// <summary>Reader of a whole file and the list its errors go to; <paramref name="path"/> is for messages.</summary>
    public static (JsonNodeReader Root, List<BenchFileError> Errors) Parse(string path, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Strict);
            var errors = new List<BenchFileError>();
            return (new JsonNodeReader(document.RootElement.Clone(), "", errors), errors);
        }
        catch (JsonException error)
        {
            throw new BenchFileException(path, [new BenchFileError("", $"is not valid JSON ({Describe(error)})", "correct the syntax")]);
        }
    }

    // The runtime counts lines and bytes from 0, editors and people from 1.
    private static string Describe(JsonException error)
    {
        int place = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 || error.LineNumber is not { } line || error.BytePositionInLine is not { } at
            ? error.Message
            : $"line {line + 1}, byte {at + 1}: {error.Message[..place].TrimEnd('.')}";
    }

    public static void ThrowIfAny(string path, List<BenchFileError> errors)
    {
        if (errors.Count > 0)
        {
            throw new BenchFileException(path, errors);
        }
    }
}
