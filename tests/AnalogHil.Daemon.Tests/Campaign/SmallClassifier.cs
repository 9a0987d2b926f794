using System.Text;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>An ONNX file of 10 classes from the mean of each channel, written byte by byte: small, and of any input shape.</summary>
internal static class SmallClassifier
{
    /// <summary>GlobalAveragePool, Flatten, Gemm.</summary>
    public static byte[] Write(int channels, int height, int width)
    {
        byte[] weights = [.. Enumerable.Range(0, channels * 10).SelectMany(i => BitConverter.GetBytes((float)Math.Sin(i)))];
        byte[] graph =
        [
            .. Node("GlobalAveragePool", "mean", "input"),
            .. Node("Flatten", "vector", "mean"),
            .. Node("Gemm", "logits", "vector", "weights"),
            .. Text(2, "graph"),
            .. Message(5, [.. Number(1, channels), .. Number(1, 10), .. Number(2, 1), .. Text(8, "weights"), .. Message(9, weights)]),
            .. Message(11, Value("input", channels, height, width)),
            .. Message(12, Value("logits", 10)),
        ];
        return [.. Number(1, 7), .. Message(7, graph), .. Message(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    /// <summary>GlobalAveragePool, Flatten, Gemm, Relu, Gemm: two layers on a device, 3 channels of 4 x 4. Images of one colour fall into several of its classes.</summary>
    public static byte[] WriteTwoLayers(int hidden)
    {
        byte[] graph =
        [
            .. Node("GlobalAveragePool", "mean", "input"),
            .. Node("Flatten", "vector", "mean"),
            .. Node("Gemm", "sum", "vector", "first"),
            .. Node("Relu", "hidden", "sum"),
            .. Node("Gemm", "logits", "hidden", "second"),
            .. Text(2, "graph"),
            .. Message(5, Weights("first", 3, hidden, i => Math.Sin(1 + i))),
            .. Message(5, Weights("second", hidden, 10, i => Math.Sin(3.3 * i))),
            .. Message(11, Value("input", 3, 4, 4)),
            .. Message(12, Value("logits", 10)),
        ];
        return [.. Number(1, 7), .. Message(7, graph), .. Message(8, [.. Text(1, ""), .. Number(2, 13)])];
    }

    private static byte[] Weights(string name, int rows, int columns, Func<int, double> value) =>
    [
        .. Number(1, rows), .. Number(1, columns), .. Number(2, 1), .. Text(8, name),
        .. Message(9, [.. Enumerable.Range(0, rows * columns).SelectMany(i => BitConverter.GetBytes((float)value(i)))]),
    ];

    private static byte[] Node(string type, string output, params string[] inputs) =>
        Message(1, [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(3, type), .. Text(4, type)]);

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
