using System.Runtime.InteropServices;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Rights of this user on a file, asked of the kernel without opening it.</summary>
internal static class AccessRights
{
    private const int Read = 4, Write = 2;

    /// <summary>Whether this process may read and write it.</summary>
    public static bool MayReadAndWrite(string path) => OperatingSystem.IsWindows() || Access(path, Read | Write) == 0;

#pragma warning disable SYSLIB1054 // A generated stub would need unsafe code in this room for one call.
    [DllImport("libc", EntryPoint = "access")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
#pragma warning restore SYSLIB1054
}
