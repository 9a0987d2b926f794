namespace AnalogHil.Engine.Execution.Memory;

/// <summary>A growing array of floats that the collector never moves, so that kernels may keep pointers into it. Contents are lost when it grows.</summary>
internal sealed unsafe class PinnedBuffer
{
    private float[] _values = [];

    /// <summary>The memory behind the last pointer handed out.</summary>
    public Memory<float> Memory => _values;

    /// <summary>Bytes held.</summary>
    public long Bytes => (long)_values.Length * sizeof(float);

    /// <summary>Pointer to at least <paramref name="count"/> floats.</summary>
    public float* Reserve(long count)
    {
        if (count > _values.Length)
        {
            _values = GC.AllocateUninitializedArray<float>(checked((int)count), pinned: true);
        }

        return (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_values));
    }
}
