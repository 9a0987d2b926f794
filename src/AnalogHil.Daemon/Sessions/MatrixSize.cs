namespace AnalogHil.Daemon.Sessions;

/// <summary>Size of a block of weights.</summary>
/// <param name="Rows">Dot-product positions.</param>
/// <param name="Columns">Output channels.</param>
internal readonly record struct MatrixSize(int Rows, int Columns);
