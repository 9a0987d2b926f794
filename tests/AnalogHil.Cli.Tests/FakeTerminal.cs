namespace AnalogHil.Cli.Tests;

/// <summary>A terminal that keeps what is written, with directories of its own.</summary>
internal sealed class FakeTerminal : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    public FakeTerminal()
    {
        Current = Directory.CreateDirectory(Path.Combine(_directory.FullName, "here")).FullName;
        Program = Directory.CreateDirectory(Path.Combine(_directory.FullName, "program")).FullName;
        Terminal = new Terminal(Output, Error, IsInteractive: false, Current, Program, new FixedTime());
    }

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public string Current { get; }

    public string Program { get; }

    public Terminal Terminal { get; }

    /// <summary>Makes a file, with its directories, under the current or the program's directory.</summary>
    public static string Touch(string root, string path)
    {
        string full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "");
        return full;
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 30, 5, TimeSpan.Zero);
    }
}
