using System.Collections.Immutable;

namespace AnalogHil.Calibration.Suite;

/// <summary>What a calibration is to measure and how well. Immutable.</summary>
public sealed record SuiteOptions
{
    /// <summary>Names of the routines asked for; what they need is added.</summary>
    /// <value>Those of every day (<see cref="SuiteCatalog.Usual"/>).</value>
    public ImmutableArray<string> Routines { get; init; } = SuiteCatalog.Usual;

    /// <summary>Half-width of the 95 % interval of every present sigma of the mix, divided by its value; in [0.002, 0.5].</summary>
    /// <value>0.05</value>
    public double RelativeHalfWidth { get; init; } = 0.05;

    /// <summary>Mean half-width of the intervals of each column's sigma, divided by its value; in [0.01, 0.5]. 0.05 takes 808 reads a column.</summary>
    /// <value>0.1: 193 reads a column and design point</value>
    public double ColumnHalfWidth { get; init; } = 0.1;

    /// <summary>Tiles, each once; null for all, or as many of them as <see cref="MostCells"/> allows.</summary>
    public ImmutableArray<int>? Tiles { get; init; }

    /// <summary>Most cells programmed at a time where <see cref="Tiles"/> is null; more tiles are left out evenly, and that is said.</summary>
    /// <value>2^23</value>
    public long MostCells { get; init; } = 1 << 23;

    /// <summary>Largest K that the averaging certificate measures; not above the device's.</summary>
    /// <value>256</value>
    public int LargestRepeats { get; init; } = 256;

    /// <summary>How long the results of a day hold; routines of the device's construction hold longer by their own factor.</summary>
    /// <value>24 h</value>
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Span of device time that warm-up and drift are watched for.</summary>
    /// <value>1 s</value>
    public TimeSpan WatchFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether results of an earlier calibration may be kept after a passed check; false measures everything anew.</summary>
    /// <value>true</value>
    public bool KeepsEarlier { get; init; } = true;

    /// <summary>Checks every value and reports all that is wrong at once.</summary>
    /// <exception cref="ArgumentException">One line: option, value, limit.</exception>
    public void Validate()
    {
        string[] unknown = [.. Routines.Where(name => !SuiteCatalog.Names.Contains(name))];
        (bool Holds, string Fault)[] rules =
        [
            (unknown.Length == 0 && !Routines.IsEmpty,
                $"routines {string.Join(", ", unknown)} are not known; there are {string.Join(", ", SuiteCatalog.Names)}"),
            (RelativeHalfWidth is >= 0.002 and <= 0.5, $"the half-width of sigma is {RelativeHalfWidth}, must be in [0.002, 0.5]"),
            (ColumnHalfWidth is >= 0.01 and <= 0.5, $"the half-width of a column's sigma is {ColumnHalfWidth}, must be in [0.01, 0.5]"),
            (Tiles is not { } tiles || (tiles.Length > 0 && tiles.Distinct().Count() == tiles.Length), "tiles must name at least one tile and none twice"),
            (LargestRepeats >= 4, $"the largest K to certify is {LargestRepeats}, must be at least 4"),
            (ValidFor > TimeSpan.Zero, $"results hold for {ValidFor}, must be above 0"),
            (WatchFor > TimeSpan.Zero, $"drift is watched for {WatchFor}, must be above 0"),
        ];
        string[] faults = [.. rules.Where(rule => !rule.Holds).Select(rule => rule.Fault)];
        if (faults.Length > 0)
        {
            throw new ArgumentException("calibration: " + string.Join("; ", faults));
        }
    }
}
