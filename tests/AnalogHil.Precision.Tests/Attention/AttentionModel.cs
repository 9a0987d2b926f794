using System.Runtime.InteropServices;
using System.Text;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Tests.Attention;

/// <summary>Attention over six tokens of width 8 with two heads, and a classifier behind it: written as ONNX by hand, its numbers drawn from seeds.</summary>
internal static class AttentionModel
{
    private const int Tokens = 6;
    private const int Width = 8;
    private const int Classes = 3;

    public static OnnxNetwork Load()
    {
        byte[][] nodes =
        [
            Node("MatMul", "query", ["x", "wq"]), Node("Reshape", "q1", ["query", "split"]), Node("Transpose", "q", ["q1"], Perm(0, 2, 1, 3)),
            Node("MatMul", "key", ["x", "wk"]), Node("Reshape", "k1", ["key", "split"]), Node("Transpose", "k", ["k1"], Perm(0, 2, 3, 1)),
            Node("MatMul", "value", ["x", "wv"]), Node("Reshape", "v1", ["value", "split"]), Node("Transpose", "v", ["v1"], Perm(0, 2, 1, 3)),
            Node("MatMul", "scores", ["q", "k"]), Node("Softmax", "p", ["scores"], Field(5, [.. Text(1, "axis"), .. Number(3, -1), .. Number(20, 2)])),
            Node("MatMul", "mixed", ["p", "v"]), Node("Transpose", "m1", ["mixed"], Perm(0, 2, 1, 3)), Node("Reshape", "flat", ["m1", "join"]),
            Node("Gemm", "logits", ["flat", "wc", "bc"]),
        ];
        byte[][] constants =
        [
            Weights("wq", 1, Width, Width), Weights("wk", 2, Width, Width), Weights("wv", 3, Width, Width),
            Weights("wc", 4, Tokens * Width, Classes), Weights("bc", 5, Classes),
            Integers("split", 0, 0, 2, 4), Integers("join", 0, Tokens * Width),
        ];
        byte[] graph =
        [
            .. nodes.SelectMany(node => Field(1, node)), .. Text(2, "attention"), .. constants.SelectMany(constant => Field(5, constant)),
            .. Field(11, Value("x", Tokens, Width)), .. Field(12, Value("logits", Classes)),
        ];
        return OnnxNetwork.Parse("attention", [.. Number(1, 8), .. Field(7, graph), .. Field(8, [.. Text(1, ""), .. Number(2, 17)])]);
    }

    /// <summary>[count x 48] tokens of unit variance.</summary>
    public static float[] Examples(int count, ulong seed) => Normals(count * Tokens * Width, seed, 1);

    private static float[] Normals(int count, ulong seed, float deviation)
    {
        float[] values = new float[count];
        GaussianGenerator.Fill(GaussianKey.Derive(seed, 0xa77), 0, values);
        return [.. values.Select(z => deviation * z)];
    }

    private static byte[] Node(string type, string output, string[] inputs, byte[]? attribute = null) =>
    [
        .. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(3, output), .. Text(4, type), .. attribute ?? [],
    ];

    private static byte[] Perm(params long[] order) =>
        Field(5, [.. Text(1, "perm"), .. order.SelectMany(axis => Number(8, axis)), .. Number(20, 7)]);

    private static byte[] Weights(string name, ulong seed, params int[] dims) => Tensor(
        name, 1, dims, MemoryMarshal.AsBytes(Normals(dims.Aggregate(1, (a, b) => a * b), seed, 1.2f / MathF.Sqrt(dims[0])).AsSpan()));

    private static byte[] Integers(string name, params long[] values) => Tensor(name, 7, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    private static byte[] Tensor(string name, int type, int[] dims, ReadOnlySpan<byte> raw) =>
        [.. dims.SelectMany(dim => Number(1, dim)), .. Number(2, type), .. Text(8, name), .. Field(9, raw)];

    private static byte[] Value(string name, params int[] dims)
    {
        byte[] shape = [.. Field(1, Text(2, "N")), .. dims.SelectMany(dim => Field(1, Number(1, dim)))];
        return [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, 1), .. Field(2, shape)]))];
    }

    // The wire format of protobuf: a tag, then a varint, or a length and so many bytes.
    private static byte[] Text(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Field(int field, ReadOnlySpan<byte> payload) => [.. Varint((field << 3) | 2), .. Varint(payload.Length), .. payload];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static List<byte> Varint(long value)
    {
        var bytes = new List<byte>();
        for (ulong rest = (ulong)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                bytes.Add((byte)rest);
                return bytes;
            }

            bytes.Add((byte)(rest | 0x80));
        }
    }
}
