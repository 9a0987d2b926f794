namespace AnalogHil.Daemon.Records.Noise;

/// <summary>The law Var(K) = v1 / K + v0 through the measured points, in the calibration's averaging unit.</summary>
/// <param name="V1">The part that averages.</param>
/// <param name="V1Low">Its lower limit.</param>
/// <param name="V1High">Its upper limit.</param>
/// <param name="V0">The floor that no K removes; 0 when not told from zero.</param>
/// <param name="V0Low">Its lower limit.</param>
/// <param name="V0High">Its upper limit.</param>
/// <param name="FloorPresent">Whether the floor is told from zero.</param>
/// <param name="LackOfFit">Probability of a misfit at least this large if the law holds; small values say that reads are correlated.</param>
public sealed record AveragingFitRecord(
    double V1, double V1Low, double V1High, double V0, double V0Low, double V0High, bool FloorPresent, double LackOfFit);
