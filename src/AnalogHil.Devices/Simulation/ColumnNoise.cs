namespace AnalogHil.Devices.Simulation;

/// <summary>
/// Noise of one column of one block as its receiver sees it, referred to the dot product. For a vector u:
/// variance of one read = Constant + PerSquare sum u^2 + PerMagnitude sum |u|, fresh at every read, and
/// SlowPerSquare sum u^2, drawn once for the K reads of one execution of the vector.
/// </summary>
/// <param name="Constant">Dot-product units squared.</param>
/// <param name="PerSquare">Dimensionless.</param>
/// <param name="PerMagnitude">Dot-product units.</param>
/// <param name="SlowPerSquare">Dimensionless.</param>
internal readonly record struct ColumnNoise(double Constant, double PerSquare, double PerMagnitude, double SlowPerSquare);
