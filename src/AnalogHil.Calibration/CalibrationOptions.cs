using System.Collections.Immutable;
using AnalogHil.Core.Plans;

namespace AnalogHil.Calibration;

/// <summary>What a calibration is to reach and what it may spend. Immutable; checked by <see cref="Validate"/> before the device is touched.</summary>
public sealed record CalibrationOptions
{
    /// <summary>
    /// Half-width of the 95 % interval of every present sigma, divided by its value, at which reading stops. In [0.001, 1]. A present term that is
    /// smaller than <see cref="AbsentShare"/> may end wider, and so may all when <see cref="MaxReads"/> is reached; either is warned of.
    /// </summary>
    /// <value>The default is 0.05: 769 independent reads in the ideal case of one term and known mean.</value>
    public double RelativeHalfWidth { get; init; } = 0.05;

    /// <summary>
    /// A term is read no further once the upper limit of its share of the variance is below this at every design point: at the dark point for thermal
    /// noise, whose share is largest there. It holds for terms told from zero too, with a warning when their interval is still too wide. In (0, 1).
    /// </summary>
    /// <value>The default is 0.02.</value>
    public double AbsentShare { get; init; } = 0.02;

    /// <summary>The K at which averaging is measured: ascending, first 1; those above the device's maximum are left out.</summary>
    /// <value>The default is 1, 2, 4 ... 64.</value>
    public ImmutableArray<int> AveragingRepeats { get; init; } = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>Samples (vectors x columns) per corner and K behind the averaging law; a variance from n samples is known to sqrt(2 / n).</summary>
    /// <value>The default is 65536: 0.6 % (one standard deviation) of each variance, so that a floor of 0.03 % of one read's variance is seen at K =
    /// 64.</value>
    public int AveragingSamples { get; init; } = 65536;

    /// <summary>Dark reads per column behind its offset, the K reads of an execution counted one by one.</summary>
    /// <value>
    /// The default is 16384: the offset's standard error is 1/128 of one read's noise, so at K = 64 the bias left in a column adds 0.4 %
    /// to its mean square error (1.6 % at K = 256), well inside the twin check's 10 %.
    /// </value>
    public int OffsetReads { get; init; } = 16384;

    /// <summary>Reads of known patterns per column behind its gain, counted like <see cref="OffsetReads"/>.</summary>
    /// <value>The default is 4096: patterns are read at half the converter's range, where products of a network are smaller by a factor of two and more, so
    /// the gain's share of the error stays below the offset's.</value>
    public int GainReads { get; init; } = 4096;

    /// <summary>Most reads that the estimation of sigma may take; reaching it ends with a warning, not an error.</summary>
    /// <value>The default is 100 million: enough for 5 % on a term that makes 2 % of the variance.</value>
    public long MaxReads { get; init; } = 100_000_000;

    /// <summary>Most reads of one series (a design point, a K) that go to the archive; the first ones are kept.</summary>
    /// <value>The default is 2^20, 4 MiB a series.</value>
    public long ArchivedReads { get; init; } = 1 << 20;

    /// <summary>Largest share of reads at the end of the converter's range; more is refused, since a clipped spread is too small.</summary>
    /// <value>The default is 0.001.</value>
    public double MaxSaturatedShare { get; init; } = 0.001;

    /// <summary>How often one read is repeated after a transient fault (a timeout, a damaged reply) before the calibration fails.</summary>
    /// <value>The default is 3.</value>
    public int TransientRetries { get; init; } = 3;

    /// <summary>Seed of the gain patterns.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tiles to calibrate, each once; null for all. Other tiles get gain 1 and offset 0.</summary>
    public ImmutableArray<int>? Tiles { get; init; }

    /// <summary>Redundancy in time whose averaging law is measured; spatial copies are not set by K and are refused.</summary>
    public RedundancyMode Mode { get; init; } = RedundancyMode.ReadAndAverage;

    /// <summary>Checks every value and reports all that is wrong at once.</summary>
    /// <exception cref="ArgumentException">One line per fault: option, value, limit.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Require(RelativeHalfWidth is >= 0.001 and <= 1, $"RelativeHalfWidth is {RelativeHalfWidth}, must be in [0.001, 1]");
        Require(AbsentShare is > 0 and < 1, $"AbsentShare is {AbsentShare}, must be in (0, 1)");
        Require(AveragingSamples >= 256, $"AveragingSamples is {AveragingSamples}, must be at least 256");
        Require(OffsetReads >= 16, $"OffsetReads is {OffsetReads}, must be at least 16");
        Require(GainReads >= 16, $"GainReads is {GainReads}, must be at least 16");
        Require(MaxReads >= 1, $"MaxReads is {MaxReads}, must be at least 1");
        Require(ArchivedReads >= 0, $"ArchivedReads is {ArchivedReads}, must not be negative");
        Require(MaxSaturatedShare is >= 0 and < 0.05, $"MaxSaturatedShare is {MaxSaturatedShare}, must be in [0, 0.05)");
        Require(TransientRetries is >= 0 and <= 100, $"TransientRetries is {TransientRetries}, must be in [0, 100]");
        Require(Mode is RedundancyMode.ReadAndAverage or RedundancyMode.AccumulateThenRead, $"Mode is {Mode}, must be a redundancy in time");
        Require(IsAscendingFromOne(AveragingRepeats), "AveragingRepeats must be ascending and begin with 1");
        Require(Tiles is not { } tiles || (tiles.Length > 0 && tiles.Distinct().Count() == tiles.Length), "Tiles must name at least one tile and none twice");
        if (faults.Count > 0)
        {
            throw new ArgumentException("calibration options: " + string.Join("; ", faults));
        }

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static bool IsAscendingFromOne(ImmutableArray<int> repeats)
    {
        if (repeats.IsDefaultOrEmpty || repeats[0] != 1)
        {
            return false;
        }

        for (int i = 1; i < repeats.Length; i++)
        {
            if (repeats[i] <= repeats[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
