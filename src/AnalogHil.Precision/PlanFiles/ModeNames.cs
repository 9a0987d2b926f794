using AnalogHil.Core.Plans;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>Names of redundancy modes in plan files and records.</summary>
public static class ModeNames
{
    private static readonly (RedundancyMode Mode, string Name)[] All =
    [
        (RedundancyMode.ReadAndAverage, "read-and-average"),
        (RedundancyMode.AccumulateThenRead, "accumulate-then-read"),
        (RedundancyMode.SpatialCopies, "spatial-copies"),
    ];

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.Name);

    /// <summary>The name of a mode.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has none.</exception>
    public static string Of(RedundancyMode mode) => All.FirstOrDefault(one => one.Mode == mode).Name
        ?? throw new ArgumentOutOfRangeException(nameof(mode), mode, "this redundancy mode has no name yet");

    /// <summary>The mode of a name.</summary>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public static RedundancyMode Read(string name) => All.FirstOrDefault(one => one.Name == name) is { Name: not null } found
        ? found.Mode
        : throw new ArgumentException($"there is no redundancy mode '{name}'; the modes are {string.Join(", ", Names)}", nameof(name));
}
