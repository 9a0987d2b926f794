using System.Diagnostics;

namespace AnalogHil.Devices.Serial.Tests.Transport;

/// <summary>The firmware as a process behind a pty, compiled here from firmware-stubs with the small tiles of the Cortex-M3 build.</summary>
internal sealed class FirmwareProcess : IDisposable
{
    private static readonly Lazy<string> Program = new(Compile);
    private readonly string[] _arguments;
    private Process _process;

    public FirmwareProcess(params string[] arguments)
    {
        _arguments = arguments;
        (_process, Port) = Start();
    }

    /// <summary>Whether there is a C compiler.</summary>
    public static bool CanCompile { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "cc")));

    public const string NoCompiler = "no C compiler (cc) on PATH to build the firmware with (Debian: gcc libc6-dev)";

    /// <summary>The pty to open.</summary>
    public string Port { get; private set; }

    /// <summary>The device is gone, and another boot of it comes back.</summary>
    public void Restart()
    {
        Kill();
        _process.Dispose();
        (_process, Port) = Start();
    }

    /// <summary>The cable is pulled and plugged in again; the device lives on behind another pty.</summary>
    public void Replug() => Signal("USR1");

    /// <summary>The device is reset; the line stays.</summary>
    public void Reset() => Signal("USR2");

    /// <summary>The device's processor meets an exception: it restarts and finds that, behind a line that stays.</summary>
    public void Crash() => Signal("QUIT");

    /// <summary>The sensor of the drive breaks and shows 1.5 of the nominal drive whatever is set; the next time it is mended.</summary>
    public void TurnSensor() => Signal("ALRM");

    /// <summary>The device stops answering; nothing hangs up.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>The program, for who starts it otherwise.</summary>
    public static string ProgramPath => Program.Value;

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

    private (Process Process, string Port) Start()
    {
        Process process = Process.Start(new ProcessStartInfo(Program.Value, ["--seed", "3", .. _arguments]) { RedirectStandardOutput = true })!;
        return (process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the firmware printed no pty"));
    }

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string Compile()
    {
        string folder = Path.Combine(Repository.Root, "firmware-stubs");
        string program = Path.Combine(AppContext.BaseDirectory, "analoghil-fw-posix");
        string[] sources = [.. new[] { "core", "device", "hal/posix" }.SelectMany(part => Directory.GetFiles(Path.Combine(folder, part), "*.c"))];
        string[] small = ["-DAH_ROWS=64", "-DAH_COLUMNS=64", "-DAH_TILES=64", "-DAH_BLOCKS=256", "-DAH_VECTORS=512"];
        using Process compiler = Process.Start(new ProcessStartInfo(
            "cc", ["-std=c99", "-O2", "-w", .. small, $"-I{folder}/core", $"-I{folder}/device", .. sources, "-lm", "-o", program])
        {
            RedirectStandardError = true,
        })!;
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
