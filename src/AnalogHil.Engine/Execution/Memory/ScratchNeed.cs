namespace AnalogHil.Engine.Execution.Memory;

/// <summary>What the buffers of a <see cref="Scratch"/> grow to: the largest need of any step, buffer by buffer.</summary>
internal sealed class ScratchNeed
{
    private readonly Dictionary<ScratchBuffer, long> _bytes = [];

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes => _bytes.Values.Sum();

    /// <summary>Notes that a step needs <paramref name="floats"/> of a buffer.</summary>
    public void Floats(ScratchBuffer buffer, long floats) => Note(buffer, floats * sizeof(float));

    /// <summary>Notes that a step needs <paramref name="count"/> row pointers.</summary>
    public void Pointers(long count) => Note(ScratchBuffer.Pointers, count * nint.Size);

    private void Note(ScratchBuffer buffer, long bytes) => _bytes[buffer] = Math.Max(bytes, _bytes.GetValueOrDefault(buffer));
}
