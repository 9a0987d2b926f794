using System.Diagnostics;

namespace AnalogHil.Devices.Serial.Tests.Transport;

/// <summary>The firmware as a process behind a pty, compiled here from firmware-stubs; two small tiles' worth of start-up time.</summary>
internal sealed class FirmwareProcess : IDisposable
{
    private static readonly Lazy<string> Program = new(Compile);
    private readonly Process _process;

    public FirmwareProcess(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(Program.Value, ["--seed", "3", .. arguments]) { RedirectStandardOutput = true })!;
        Port = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the firmware printed no pty");
    }

    /// <summary>Whether there is a C compiler.</summary>
    public static bool CanCompile { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "cc")));

    public const string NoCompiler = "no C compiler (cc) on PATH to build the firmware with (Debian: gcc libc6-dev)";

    /// <summary>The pty to open.</summary>
    public string Port { get; }

    /// <summary>The device is gone at once, as if unplugged.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static string Compile()
    {
        string folder = Path.Combine(Repository.Root, "firmware-stubs");
        string program = Path.Combine(AppContext.BaseDirectory, "analoghil-fw-posix");
        string[] sources = [.. new[] { "core", "device", "hal/posix" }.SelectMany(part => Directory.GetFiles(Path.Combine(folder, part), "*.c"))];
        string[] small = ["-DAH_ROWS=64", "-DAH_COLUMNS=64", "-DAH_TILES=8", "-DAH_BLOCKS=64", "-DAH_VECTORS=256"];
        using Process compiler = Process.Start(new ProcessStartInfo(
            "cc", ["-std=c99", "-O1", "-w", .. small, $"-I{folder}/core", $"-I{folder}/device", .. sources, "-lm", "-o", program]) { RedirectStandardError = true })!;
        string messages = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"the firmware does not compile: {messages}");
    }
}

/// <summary>A test that needs the firmware; skipped, and said so, where there is no C compiler.</summary>
internal sealed class FirmwareFactAttribute : FactAttribute
{
    public FirmwareFactAttribute()
    {
        if (!FirmwareProcess.CanCompile)
        {
            Skip = FirmwareProcess.NoCompiler;
        }
    }
}

/// <summary>As <see cref="FirmwareFactAttribute"/>, for several cases.</summary>
internal sealed class FirmwareTheoryAttribute : TheoryAttribute
{
    public FirmwareTheoryAttribute()
    {
        if (!FirmwareProcess.CanCompile)
        {
            Skip = FirmwareProcess.NoCompiler;
        }
    }
}
