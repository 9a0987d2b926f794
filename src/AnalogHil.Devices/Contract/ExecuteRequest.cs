namespace AnalogHil.Devices.Contract;

/// <summary>One batch of input vectors for one block.</summary>
/// <param name="Block">Block number.</param>
/// <param name="Vectors">Number of input vectors, 1 .. MaxVectors.</param>
/// <param name="Inputs">[Vectors x block rows] full-scale units, in [-1, 1] or [0, 1].</param>
/// <param name="Outputs">[Vectors x block columns], filled by the call: mean over the block's K reads and copies, as converted (gain and offset of the columns still in it), dot-product units.</param>
public readonly record struct ExecuteRequest(int Block, int Vectors, ReadOnlyMemory<float> Inputs, Memory<float> Outputs)
{
    /// <summary>[block rows x block columns] row-major, full-scale units, each in [-1, 1]: multiplies in the place of the block's weights, in this call only.</summary>
    /// <remarks>
    /// Only where <see cref="DeviceCapabilities.MultipliesActivations"/>; anything else is refused with <see cref="DeviceFault.InvalidRequest"/>. The device holds nothing of
    /// it afterwards, so that a call may be repeated like any other. Converted as inputs are; held for all vectors and reads of the call.
    /// </remarks>
    /// <value>Default: empty, the block's own weights.</value>
    public ReadOnlyMemory<float> Operand { get; init; }
}
