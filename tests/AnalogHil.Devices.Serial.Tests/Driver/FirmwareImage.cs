using System.Diagnostics;
using AnalogHil.Devices.Serial.Benches;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>The firmware for the Cortex-M3, built here from firmware-stubs.</summary>
internal static class FirmwareImage
{
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The programs that are not there, with the packages that bring them; null when all are.</summary>
    public static string? Missing
    {
        get
        {
            string[] missing = [.. new[] { "cmake", "make", "arm-none-eabi-gcc", "qemu-system-arm" }.Where(program => !LaunchedProgramFiles.IsOnPath(program))];
            return missing.Length == 0
                ? null
                : $"no {string.Join(", ", missing)} on PATH (Debian: cmake make gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)";
        }
    }

    public static string Path => Built.Value;

    private static string Build()
    {
        string source = System.IO.Path.Combine(Repository.Root, "firmware-stubs");
        string folder = System.IO.Path.Combine(AppContext.BaseDirectory, "firmware-arm");
        Run("-S", source, "-B", folder, "-DCMAKE_TOOLCHAIN_FILE=hal/mps2-an385/toolchain.cmake");
        Run("--build", folder);
        return System.IO.Path.Combine(folder, "analoghil-fw-mps2-an385.elf");
    }

    private static void Run(params string[] arguments)
    {
        using Process cmake = Process.Start(new ProcessStartInfo("cmake", arguments) { RedirectStandardOutput = true })!;
        string said = cmake.StandardOutput.ReadToEnd();
        cmake.WaitForExit();
        if (cmake.ExitCode != 0)
        {
            throw new InvalidOperationException($"cmake {string.Join(' ', arguments)} failed: {said}");
        }
    }
}
