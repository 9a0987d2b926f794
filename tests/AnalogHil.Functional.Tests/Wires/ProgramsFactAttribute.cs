namespace AnalogHil.Functional.Tests.Wires;

/// <summary>A test that needs programs of the machine; skipped, and said so, where one is missing.</summary>
internal sealed class ProgramsFactAttribute : FactAttribute
{
    public ProgramsFactAttribute(params string[] programs)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string[] missing = [.. programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program))))];
        Skip = missing.Length == 0
            ? null
            : $"no {string.Join(", ", missing)} on PATH (Debian: cmake make gcc libc6-dev gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)";
    }
}
