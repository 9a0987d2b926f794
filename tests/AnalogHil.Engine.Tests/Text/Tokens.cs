using AnalogHil.Engine.Onnx.Wire;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Text;

/// <summary>Writes small networks whose values are tokens, and runs them.</summary>
internal static class Tokens
{
    /// <summary>A model with the given inputs; element type 1 is float32, 7 int64.</summary>
    public static ModelWriter Writer(long opset, params (string Name, int Type, int[] Dims)[] inputs)
    {
        var writer = new ModelWriter(1, 1, 1, opset: opset);
        writer.Model.Graph.Input.Clear();
        foreach ((string name, int type, int[] dims) in inputs)
        {
            var shape = new TensorShapeProto();
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
            shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
            writer.Model.Graph.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } });
        }

        return writer.From(inputs[0].Name);
    }

    /// <summary>A model of one float input.</summary>
    public static ModelWriter Writer(params int[] dims) => Writer(17, ("input", 1, dims));

    /// <summary>The last value of a model, flattened in ONNX's order, for the input 0.1, 0.2, ... or the one given.</summary>
    public static float[] Run(ModelWriter writer, int size, float[]? input = null)
    {
        string last = writer.Last;
        writer.Node("Reshape", [last, writer.Integers(0, -1)]);
        float[] identity = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            identity[i * size + i] = 1;
        }

        writer.Node("Gemm", [writer.Last, writer.Constant([size, size], identity)]);
        OnnxNetwork network = writer.Load();
        float[] row = input ?? Ramp(network.InputShape.Size);
        float[] twice = [.. row, .. input ?? [.. row.Reverse()]];
        float[] logits = new float[2 * size];
        network.Forward(twice, 2, logits);
        float[] alone = new float[size];
        network.Forward(row, 1, alone);
        Assert.Equal(alone, logits[..size]);
        return alone;
    }

    public static float[] Ramp(int count) => [.. Enumerable.Range(1, count).Select(i => 0.1f * i)];

    /// <summary>One encoder layer over six tokens of width 8 with two heads: embeddings with positions and mask, attention, feed-forward, pooler.</summary>
    public static ModelWriter Encoder()
    {
        ModelWriter w = Writer(17, ("ids", 7, [6]), ("mask", 7, [6]));
        string embedded = w.Node("Gather", [w.Constant([11, 8], 1), "ids"]).Node("Add", [w.Last, w.Constant([1, 6, 8], 0.3f)]).Last;
        string hidden = Norm(w, embedded, 8);
        string bias = w.Node("Cast", ["mask"], ModelWriter.Int("to", 1)).Node("Unsqueeze", [w.Last, w.Integers(1, 2)])
            .Node("Sub", [w.Constant([], [1f]), w.Last]).Node("Mul", [w.Last, w.Constant([], [-10000f])]).Last;
        string query = Heads(w, Linear(w, hidden, 8, 8), 0, 2, 1, 3);
        string key = Heads(w, Linear(w, hidden, 8, 8), 0, 2, 3, 1);
        string value = Heads(w, Linear(w, hidden, 8, 8), 0, 2, 1, 3);
        string scores = w.Node("MatMul", [query, key]).Node("Mul", [w.Last, w.Constant([], [0.5f])]).Node("Add", [w.Last, bias]).Last;
        w.Node("Softmax", [scores], ModelWriter.Int("axis", -1)).Node("MatMul", [w.Last, value]);
        w.Node("Transpose", [w.Last], ModelWriter.Ints("perm", 0, 2, 1, 3)).Node("Reshape", [w.Last, w.Integers(0, 0, 8)]);
        string attended = Norm(w, w.Node("Add", [Linear(w, w.Last, 8, 8), hidden]).Last, 8);
        string inner = Gelu(w, Linear(w, attended, 8, 12));
        string end = Norm(w, w.Node("Add", [Linear(w, inner, 12, 8), attended]).Last, 8);
        w.Node("Gather", [end, w.Integer(0)], ModelWriter.Int("axis", 1)).Gemm(8, 5).Node("Tanh", [w.Last]).Gemm(5, 3);
        return w;
    }

    public static float[] Examples(int count) =>
    [
        .. Enumerable.Range(0, count).SelectMany(e => Enumerable.Range(0, 6).Select(t => (float)((3 * e + 5 * t + t * t) % 11))
            .Concat(Enumerable.Range(0, 6).Select(t => t < 6 - e % 3 ? 1f : 0f))),
    ];

    public static string Linear(ModelWriter w, string input, int inputs, int outputs) =>
        w.Node("MatMul", [input, w.Constant([inputs, outputs], 1.5f / MathF.Sqrt(inputs))]).Node("Add", [w.Last, w.Constant([outputs], 0.2f)]).Last;

    public static string Heads(ModelWriter w, string input, params int[] order) =>
        w.Node("Reshape", [input, w.Integers(0, 0, 2, 4)]).Node("Transpose", [w.Last], ModelWriter.Ints("perm", order)).Last;

    public static string Norm(ModelWriter w, string input, int width)
    {
        string mean = w.Node("ReduceMean", [input], ModelWriter.Ints("axes", -1)).Last;
        string centred = w.Node("Sub", [input, mean]).Last;
        w.Node("Pow", [centred, w.Constant([], [2f])]).Node("ReduceMean", [w.Last], ModelWriter.Ints("axes", -1));
        w.Node("Add", [w.Last, w.Constant([], [1e-5f])]).Node("Sqrt", [w.Last]).Node("Div", [centred, w.Last]);
        return w.Node("Mul", [w.Last, w.Constant([width], 0.3f, 1)]).Node("Add", [w.Last, w.Constant([width], 0.3f)]).Last;
    }

    public static string Gelu(ModelWriter w, string input)
    {
        string erf = w.Node("Div", [input, w.Constant([], [MathF.Sqrt(2)])]).Node("Erf", [w.Last]).Node("Add", [w.Last, w.Constant([], [1f])]).Last;
        return w.Node("Mul", [input, erf]).Node("Mul", [w.Last, w.Constant([], [0.5f])]).Last;
    }
}
