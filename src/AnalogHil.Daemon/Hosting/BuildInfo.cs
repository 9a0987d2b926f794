using System.Reflection;
using System.Runtime.InteropServices;

namespace AnalogHil.Daemon.Hosting;

/// <summary>What this program was built from and runs on.</summary>
public static class BuildInfo
{
    private static readonly string[] Informational =
        (typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+', 2);

    /// <summary>Semantic version.</summary>
    public static string Version => Informational[0];

    /// <summary>Commit, 40 hexadecimal digits; empty when built outside a repository.</summary>
    public static string Commit => Informational.Length > 1 ? Informational[1] : "";

    /// <summary>Runtime, operating system, processors.</summary>
    public static string Runtime =>
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.ProcessArchitecture}, "
            + $"{Environment.ProcessorCount} cores";
}
