namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>The window of a pooling node, which has no weights to read it from.</summary>
internal static class PoolKernel
{
    public static (long Height, long Width) Read(ImportedNode node)
    {
        long[]? kernel = node.Integers("kernel_shape");
        return kernel is { Length: 2 }
            ? (kernel[0], kernel[1])
            : throw node.Fail($"kernel_shape must have two values, it has {kernel?.Length ?? 0}", "only two-dimensional pooling is supported");
    }
}
