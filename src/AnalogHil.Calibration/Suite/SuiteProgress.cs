namespace AnalogHil.Calibration.Suite;

/// <summary>Where a calibration stands.</summary>
/// <param name="Routine">Running routine.</param>
/// <param name="Index">Its number, from 1.</param>
/// <param name="Count">Routines in all.</param>
/// <param name="RoutineFraction">Share of it that is done, in [0, 1]; an approach where the number of reads is not known beforehand.</param>
/// <param name="Fraction">Share of the calibration that is done, in [0, 1].</param>
/// <param name="Remaining">Time to the end, from the time so far; null while too little is done to tell.</param>
public sealed record SuiteProgress(string Routine, int Index, int Count, double RoutineFraction, double Fraction, TimeSpan? Remaining);
