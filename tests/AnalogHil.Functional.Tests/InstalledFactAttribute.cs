namespace AnalogHil.Functional.Tests;

/// <summary>A test that needs a program of the machine; skipped, and said so, where it is missing.</summary>
internal sealed class InstalledFactAttribute : FactAttribute
{
    /// <param name="program">Its name.</param>
    /// <param name="package">The Debian package that it comes with.</param>
    public InstalledFactAttribute(string program, string package)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Skip = folders.Any(folder => File.Exists(Path.Combine(folder, program))) ? null : $"no {program} on PATH (Debian: {package})";
    }
}
