namespace AnalogHil.Engine.Execution.Memory;

/// <summary>The buffers of a <see cref="Scratch"/> that forward passes use.</summary>
internal enum ScratchBuffer
{
    Pointers,
    Patches,
    Zeros,
    Normals,
    Variances,
    SquareSums,
    MagnitudeSums,
    PixelSquares,
    PixelMagnitudes,
    Operand,
    HeldOffsets,
    HeldBias,
    HeldNumbers,
    Results,
}
