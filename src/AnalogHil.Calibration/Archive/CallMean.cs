namespace AnalogHil.Calibration.Archive;

/// <summary>One column's reads in one call.</summary>
/// <param name="Segment">The call.</param>
/// <param name="Mean">Mean, as converted.</param>
/// <param name="Squares">Sum of squares about it.</param>
internal readonly record struct CallMean(ReadSegment Segment, double Mean, double Squares);
