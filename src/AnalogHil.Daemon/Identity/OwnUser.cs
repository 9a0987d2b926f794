using System.Runtime.InteropServices;

namespace AnalogHil.Daemon.Identity;

/// <summary>The user that the daemon runs as.</summary>
internal static partial class OwnUser
{
    /// <summary>Effective uid.</summary>
    public static uint Id { get; } = EffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
