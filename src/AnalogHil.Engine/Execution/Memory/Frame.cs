namespace AnalogHil.Engine.Execution.Memory;

/// <summary>The activations of a block of images, laid out by a <see cref="BufferPlan"/>. Every value is contiguous over the block's images.</summary>
internal sealed unsafe class Frame(BufferPlan plan)
{
    private readonly PinnedBuffer _buffer = new();
    private float* _start;
    private int _capacity;

    /// <summary>Bytes held.</summary>
    public long Bytes => _buffer.Bytes;

    /// <summary>Makes room for <paramref name="images"/> images; contents are lost.</summary>
    public void Prepare(int images)
    {
        _start = _buffer.Reserve(images * plan.Total);
        _capacity = images;
    }

    /// <summary>The block's values of value <paramref name="id"/>: [images x height x width x channels].</summary>
    public float* Value(int id) => _start + plan.Offset(id) * _capacity;
}
