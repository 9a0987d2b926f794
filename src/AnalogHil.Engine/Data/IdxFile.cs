namespace AnalogHil.Engine.Data;

/// <summary>The contents of an IDX file of unsigned bytes.</summary>
/// <param name="Dims">Dimensions, outermost first.</param>
/// <param name="Values">Values, row-major.</param>
public sealed record IdxFile(int[] Dims, byte[] Values);
