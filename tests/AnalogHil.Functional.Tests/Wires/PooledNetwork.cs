using System.Text;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>An ONNX file of a linear classifier of means, written byte by byte.</summary>
internal static class PooledNetwork
{
    private const int Integers = 7;

    /// <summary>AveragePool, Flatten, Gemm.</summary>
    /// <param name="side">Height and width of the grey input.</param>
    /// <param name="pool">Height and width of what is averaged.</param>
    /// <param name="weights">[means + 1 x classes], the last row the bias.</param>
    public static byte[] Write(int side, int pool, double[,] weights)
    {
        (int means, int classes) = (weights.GetLength(0) - 1, weights.GetLength(1));
        byte[] all = [.. weights.Cast<double>().SelectMany(weight => BitConverter.GetBytes((float)weight))];
        int bias = means * classes * sizeof(float);
        byte[] graph =
        [
            .. Message(1, [.. Node("AveragePool", "means", "input"), .. Pair("kernel_shape", pool), .. Pair("strides", pool)]),
            .. Message(1, Node("Flatten", "vector", "means")),
            .. Message(1, Node("Gemm", "logits", "vector", "weights", "bias")),
            .. Text(2, "pooled"),
            .. Message(5, [.. Number(1, means), .. Number(1, classes), .. Number(2, 1), .. Text(8, "weights"), .. Message(9, all[..bias])]),
            .. Message(5, [.. Number(1, classes), .. Number(2, 1), .. Text(8, "bias"), .. Message(9, all[bias..])]),
            .. Message(11, Value("input", 1, side, side)),
            .. Message(12, Value("logits", classes)),
        ];
        return [.. Number(1, 7), .. Message(7, graph), .. Message(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    private static byte[] Node(string type, string output, params string[] inputs) =>
        [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(3, type), .. Text(4, type)];

    private static byte[] Pair(string name, int value) =>
        Message(5, [.. Text(1, name), .. Number(8, value), .. Number(8, value), .. Number(20, Integers)]);

    private static byte[] Value(string name, params int[] dims)
    {
        byte[] shape = [.. Message(1, Text(2, "N")), .. dims.SelectMany(dim => Message(1, Number(1, dim)))];
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, 1), .. Message(2, shape)]))];
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    // Wire types of protobuf: 0 is a number, 2 is bytes with their length.
    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 127; value >>= 7)
        {
            yield return (byte)(value | 128);
        }

        yield return (byte)value;
    }
}
