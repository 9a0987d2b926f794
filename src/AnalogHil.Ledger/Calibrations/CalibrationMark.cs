namespace AnalogHil.Ledger.Calibrations;

/// <summary>Why a calibration is not to be used.</summary>
/// <param name="Who">Who says so.</param>
/// <param name="Why">What is wrong.</param>
/// <param name="When">When it was said.</param>
public sealed record CalibrationMark(string Who, string Why, DateTimeOffset When);
