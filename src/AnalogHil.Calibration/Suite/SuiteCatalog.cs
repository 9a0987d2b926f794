using System.Collections.Immutable;
using AnalogHil.Calibration.Suite.Routines;

namespace AnalogHil.Calibration.Suite;

/// <summary>The routines there are.</summary>
public static class SuiteCatalog
{
    private static readonly ImmutableArray<SuiteRoutine> All =
    [
        new DarkRoutine(), new LineRoutine(), new SettlingRoutine(), new DitherRoutine(), new ColumnSigmaRoutine(), new RowSigmaRoutine(), new MixStep(),
            new AveragingStep(),
        new FixedPatternRoutine(), new CrosstalkRoutine(), new DriftRateRoutine(), new WarmUpRoutine(),
    ];

    /// <summary>Names in an order in which each comes after what it depends on.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(routine => routine.Name)];

    /// <summary>Those of an ordinary calibration.</summary>
    public static ImmutableArray<string> Usual { get; } = ["dark", "line", "settling", "column-sigma", "row-sigma", "mix", "averaging"];

    /// <summary>The routines named and everything that they depend on.</summary>
    internal static ImmutableArray<SuiteRoutine> Closure(IEnumerable<string> names)
    {
        var wanted = names.ToHashSet();
        for (int i = All.Length - 1; i >= 0; i--)
        {
            if (wanted.Contains(All[i].Name))
            {
                wanted.UnionWith(All[i].DependsOn);
            }
        }

        return [.. All.Where(routine => wanted.Contains(routine.Name))];
    }

    /// <summary>How long a routine's results hold.</summary>
    /// <param name="name">Routine.</param>
    /// <param name="options">What a day's results hold for.</param>
    public static TimeSpan ValidFor(string name, SuiteOptions options) => options.ValidFor * Of(name).Validity;

    /// <summary>A routine by name.</summary>
    internal static SuiteRoutine Of(string name) => All.First(routine => routine.Name == name);
}
