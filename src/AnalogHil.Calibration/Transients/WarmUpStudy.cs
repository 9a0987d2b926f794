using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Calibration.Transients;

/// <summary>Time from power-up to rest of a tile's mean output, from timed calls at one design point ("dark" for offsets, "product" for gains).</summary>
/// <param name="Tiles">One fit a tile, seconds since boot.</param>
public sealed record WarmUpStudy(ImmutableArray<(int Tile, TransientFit Fit)> Tiles)
{
    /// <summary>Seconds after power-up at which calls are worth making: evenly in the logarithm.</summary>
    /// <param name="first">First call, above 0.</param>
    /// <param name="last">Last call, above <paramref name="first"/>.</param>
    /// <param name="calls">At least 5.</param>
    public static ImmutableArray<double> Times(double first, double last, int calls = 24)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(last, first);
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 5);
        return [.. Enumerable.Range(0, calls).Select(i => first * Math.Pow(last / first, i / (calls - 1.0)))];
    }

    /// <summary>Fits every tile.</summary>
    /// <param name="archive">Reads with the device's time.</param>
    /// <param name="point">Design point.</param>
    /// <param name="tolerance">Deviation of the mean that counts as rest, dot-product units; a tenth of sigma costs 1 % of the variance.</param>
    /// <param name="alternating">True where products change sign from column to column, as in every probe pattern; false for offsets.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such reads, no times, or fewer than 5 calls on a tile.</exception>
    public static WarmUpStudy Of(ArchivedReads archive, string point, double tolerance, bool alternating, double confidence = 0.95) =>
        new([.. TileCourse.Of(archive, point, alternating).Select(tile => (tile.Key, TransientFit.Of(tile.Value, tolerance, confidence)))]);
}
