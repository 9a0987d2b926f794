namespace AnalogHil.Engine.Execution.Memory;

/// <summary>What the buffers of a <see cref="Scratch"/> grow to: the largest need of any step, buffer by buffer.</summary>
internal sealed class ScratchNeed
{
    private readonly Dictionary<ScratchBuffer, long> _bytes = [];
    private readonly Dictionary<int, long> _heldGroups = [];
    private long _heldDepthwise;

    /// <summary>Bytes of all buffers.</summary>
    public long Bytes => _bytes.Values.Sum() + sizeof(float) * (_heldGroups.Values.Sum() + _heldDepthwise);

    /// <summary>Notes that a step needs <paramref name="floats"/> of a buffer.</summary>
    public void Floats(ScratchBuffer buffer, long floats) => Note(buffer, floats * sizeof(float));

    /// <summary>Notes that a step needs <paramref name="count"/> row pointers.</summary>
    public void Pointers(long count) => Note(ScratchBuffer.Pointers, count * nint.Size);

    /// <summary>Notes the disturbed weights of one group.</summary>
    public void HeldWeights(int group, long floats) => _heldGroups[group] = Math.Max(floats, _heldGroups.GetValueOrDefault(group));

    /// <summary>Notes the disturbed weights of a depthwise product.</summary>
    public void HeldDepthwise(long floats) => _heldDepthwise = Math.Max(floats, _heldDepthwise);

    private void Note(ScratchBuffer buffer, long bytes) => _bytes[buffer] = Math.Max(bytes, _bytes.GetValueOrDefault(buffer));
}
