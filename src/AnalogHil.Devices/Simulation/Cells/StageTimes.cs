namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Correlation times in geometric progression, two a decade: equal variances at each make a spectrum of 1/f between the ends.</summary>
internal static class StageTimes
{
    /// <summary>From <paramref name="fast"/> to <paramref name="slow"/>, both included, any unit; one when they are equal.</summary>
    public static double[] Between(double fast, double slow)
    {
        int steps = Math.Max(0, (int)Math.Round(2 * Math.Log10(slow / fast)));
        return steps == 0
            ? [Math.Sqrt(fast * slow)]
            : [.. Enumerable.Range(0, steps + 1).Select(i => fast * Math.Pow(slow / fast, (double)i / steps))];
    }

    /// <summary>Averaging law of these stages with equal variances.</summary>
    public static AveragingLaw Law(double[] nanoseconds, double readNanoseconds) =>
        new([.. nanoseconds.Select(tau => (1.0 / nanoseconds.Length, tau / readNanoseconds))]);
}
