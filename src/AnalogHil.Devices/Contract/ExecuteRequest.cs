namespace AnalogHil.Devices.Contract;

/// <summary>One batch of input vectors for one block.</summary>
/// <param name="Block">Block number.</param>
/// <param name="Vectors">Number of input vectors, 1 .. MaxVectors.</param>
/// <param name="Inputs">[Vectors x block rows] full-scale units, in [-1, 1] or [0, 1].</param>
/// <param name="Outputs">[Vectors x block columns], filled by the call: mean over the block's K reads and copies, as converted (gain and offset of the columns still in it), dot-product units.</param>
public readonly record struct ExecuteRequest(int Block, int Vectors, ReadOnlyMemory<float> Inputs, Memory<float> Outputs);
