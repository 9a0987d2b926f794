using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AnalogHil.Engine.Execution.Memory;

/// <summary>A growing table of row pointers.</summary>
internal sealed unsafe class PinnedPointers
{
    private nint[] _values = [];

    /// <summary>Bytes held.</summary>
    public long Bytes => (long)_values.Length * nint.Size;

    /// <summary>Pointer to at least <paramref name="count"/> entries.</summary>
    public float** Reserve(int count)
    {
        if (count > _values.Length)
        {
            _values = GC.AllocateUninitializedArray<nint>(count, pinned: true);
        }

        return (float**)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));
    }
}
