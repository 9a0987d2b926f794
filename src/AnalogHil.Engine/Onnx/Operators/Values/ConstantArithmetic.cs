using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>Arithmetic of two constants, done while the file is read.</summary>
internal static class ConstantArithmetic
{
    /// <summary>Computes the node where both its inputs are constants.</summary>
    /// <returns>Whether they are.</returns>
    public static bool TryFold(ImportedNode node, GraphBuilder graph, Func<float, float, float> numbers, Func<long, long, long> integers)
    {
        if (!node.IsConstant(0) || !node.IsConstant(1))
        {
            return false;
        }

        OnnxTensor a = node.Constant(0);
        OnnxTensor b = node.Constant(1);
        OnnxTensor shape = a.Count == 1 && a.Rank <= b.Rank ? b : a;
        if (!a.Dims.AsSpan().SequenceEqual(b.Dims) && (a.Count == 1 ? a : b).Count != 1)
        {
            throw node.Fail($"constants {a} and {b} of different shapes are not supported", "fold constants before export, e.g. with onnxsim");
        }

        ConstantValues values = a.IsInteger && b.IsInteger
            ? new ComputedIntegers(Combine(node, a.ToIntegers(), b.ToIntegers(), shape.Count, (x, y) => Whole(node, integers, x, y)))
            : new ComputedFloats(Combine(node, a.ToFloats(), b.ToFloats(), shape.Count, numbers));
        graph.AddConstant(node.Output, OnnxTensor.Create(node.Output, [.. shape.Dims.Select(dim => (long)dim)], values));
        return true;
    }

    private static long Whole(ImportedNode node, Func<long, long, long> operation, long x, long y)
    {
        try
        {
            return x == ComputedIntegers.Batch || y == ComputedIntegers.Batch
                ? throw node.Fail("computes with the batch size", "export the model so that it does not depend on it")
                : operation(x, y);
        }
        catch (ArithmeticException)
        {
            throw node.Fail($"{x} and {y} give no integer", "the file is damaged, export it again");
        }
    }

    private static T[] Combine<T>(ImportedNode node, T[] a, T[] b, int count, Func<T, T, T> operation)
    {
        var values = new T[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = operation(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
            if (values[i] is float number && !float.IsFinite(number))
            {
                throw node.Fail($"element {i} of the constant result is {number}", "the file is damaged, export it again");
            }
        }

        return values;
    }
}
