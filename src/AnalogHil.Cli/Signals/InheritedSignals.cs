using System.Globalization;
using System.Runtime.InteropServices;

namespace AnalogHil.Cli.Signals;

/// <summary>Signals that whoever started this process has it ignore, as nohup does with SIGHUP: they stay ignored.</summary>
internal static class InheritedSignals
{
    // Set of ignored signals, hexadecimal, bit n - 1 for signal n: proc(5).
    private const string Field = "SigIgn:";

    /// <summary>Whether the process began with the signal ignored; false where the system does not say.</summary>
    public static bool IsIgnored(PosixSignal signal)
    {
        // Other signals the runtime itself leaves ignored.
        const int Hangup = 1;
        if (signal != PosixSignal.SIGHUP || !OperatingSystem.IsLinux())
        {
            return false;
        }

        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong ignored)
            && (ignored & (1UL << (Hangup - 1))) != 0;
    }
}
