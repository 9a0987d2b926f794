namespace AnalogHil.Engine.Tests.Models;

/// <summary>Files too large for the repository: pretrained networks, golden outputs, image sets. Tests that need them are skipped without them.</summary>
internal static class SharedData
{
    private const string Variable = "ANALOGHIL_SHARED_DATA";

    /// <summary>Why tests are skipped; null where the data is there.</summary>
    public static string? Missing { get; } = Directory.Exists(Root)
        ? null
        : $"'{Root}' is missing: the test needs the shared models and image sets there, or {Variable} naming their folder";

    public static string Root => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? folder
        : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    public static string Model(string name) => Path.Combine(Root, "models", name + ".onnx");

    public static string Golden(params string[] parts) => Path.Combine([Root, "models", "golden", .. parts]);
}
