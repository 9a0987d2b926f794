namespace AnalogHil.Calibration.Drift;

/// <summary>Evidence that the noise of a tile at a design point has changed.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Point">Design point.</param>
/// <param name="Rise">Whether sigma rose; false for a fall.</param>
/// <param name="Evidence">Log likelihood ratio.</param>
/// <param name="Threshold">At which an alarm is raised.</param>
public sealed record DriftAlarm(int Tile, string Point, bool Rise, double Evidence, double Threshold);
