using System.Globalization;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>What a child process is to do, and where it dies.</summary>
/// <param name="Directory">Of the ledger and the device.</param>
/// <param name="First">Number of the first item.</param>
/// <param name="Items">How many.</param>
/// <param name="Point">Number of the point at which it kills itself, from 0; below 0: never.</param>
/// <param name="How">Before, torn, after; or none.</param>
/// <param name="Tear">Part of what was being written that reaches the disk, in (0, 1).</param>
internal sealed record CrashOrder(string Directory, int First, int Items, int Point = -1, CrashMode How = CrashMode.None, double Tear = 0.5)
{
    public string[] Arguments =>
    [
        Directory, First.ToString(CultureInfo.InvariantCulture), Items.ToString(CultureInfo.InvariantCulture),
        Point.ToString(CultureInfo.InvariantCulture), How.ToString(), Tear.ToString(CultureInfo.InvariantCulture),
    ];

    public static CrashOrder Parse(string[] args) => new(
        args[0], int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture),
        int.Parse(args[3], CultureInfo.InvariantCulture), Enum.Parse<CrashMode>(args[4]), double.Parse(args[5], CultureInfo.InvariantCulture));
}
