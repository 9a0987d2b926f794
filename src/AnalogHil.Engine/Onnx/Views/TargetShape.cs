using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Views;

/// <summary>The shape a Reshape asks for, its zeros and its -1 filled in.</summary>
internal static class TargetShape
{
    /// <summary>Dimensions without the batch; null where the batch would be mixed with the items or the sizes do not agree.</summary>
    /// <param name="target">As the file gives it.</param>
    /// <param name="zeroIsKept">Whether 0 stands for the input's own dimension.</param>
    /// <param name="item">The input's dimensions without the batch.</param>
    /// <param name="fixedBatch">Batch size, where the file fixes it.</param>
    public static int[]? Resolve(long[] target, bool zeroIsKept, IReadOnlyList<int> item, long? fixedBatch)
    {
        if (target.Length < 2 || target.Length > 8)
        {
            return null;
        }

        bool keepsBatch = target[0] == ComputedIntegers.Batch || target[0] == 0 && zeroIsKept || target[0] == fixedBatch;
        bool infersBatch = !keepsBatch && target[0] == -1;
        long size = item.Aggregate(1L, (product, dim) => product * dim);
        long known = 1;
        int inferred = -1;
        long[] dims = target[1..];
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 0 && zeroIsKept && i < item.Count)
            {
                dims[i] = item[i];
            }

            if (dims[i] == -1 && inferred < 0 && !infersBatch)
            {
                inferred = i;
                continue;
            }

            if (dims[i] < 1 || dims[i] > size)
            {
                return null;
            }

            known = Math.Min(known * dims[i], int.MaxValue);
        }

        if (inferred >= 0)
        {
            dims[inferred] = size / known;
            known *= dims[inferred];
        }

        return known == size && (keepsBatch || infersBatch) ? [.. dims.Select(dim => (int)dim)] : null;
    }
}
