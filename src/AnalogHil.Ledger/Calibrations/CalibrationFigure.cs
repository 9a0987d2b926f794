namespace AnalogHil.Ledger.Calibrations;

/// <summary>One measured value.</summary>
/// <param name="Name">Unique within its calibration, e.g. "sigma.thermal".</param>
/// <param name="Value">Value.</param>
/// <param name="Unit">Its unit; "1" for a pure number.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Level">Confidence of the interval, in (0, 1).</param>
/// <param name="N">Reads that it rests on.</param>
/// <param name="Method">How it was estimated.</param>
public sealed record CalibrationFigure(string Name, double Value, string Unit, double Low, double High, double Level, long N, string Method);
