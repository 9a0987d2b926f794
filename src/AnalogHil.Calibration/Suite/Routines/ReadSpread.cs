using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Standard deviation of one read, pooled over everything in an archive; every call about its own mean.</summary>
internal static class ReadSpread
{
    public static double Of(ArchivedReads reads)
    {
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(reads));
        double squares = 0;
        double dof = 0;
        foreach (ArchivedSeries series in reads.Series)
        {
            foreach (List<CallMean> calls in ColumnCalls.Of(series, left).Values)
            {
                (_, _, double own, long ownDof) = ColumnCalls.Pooled(calls);
                squares += own;
                dof += ownDof;
            }
        }

        return squares > 0
            ? Math.Sqrt(squares / dof)
            : throw new CalibrationException(CalibrationFault.DeadZone,
                "the reads do not vary at all: a stuck device, or noise far below the converter's step; look at the columns, add dither");
    }
}
