using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;
using AttributeType = AnalogHil.Engine.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Writes small ONNX models for tests.</summary>
internal sealed class ModelWriter
{
    private readonly Random _random;
    private string _last = "input";
    private int _names;

    public ModelWriter(int channels, int height, int width, int seed = 1, long opset = 13)
    {
        _random = new Random(seed);
        Model = new ModelProto { IrVersion = 7, Graph = new GraphProto { Name = "test" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        foreach (int dim in new[] { channels, height, width })
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dim });
        }

        Model.Graph.Input.Add(new ValueInfoProto
        {
            Name = "input",
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } },
        });
    }

    public ModelProto Model { get; }

    /// <summary>Name of the last value.</summary>
    public string Last => _last;

    public ModelWriter Conv(int inputs, int outputs, int kernel, int stride = 1, int[]? pads = null, int groups = 1, bool bias = true)
    {
        string weights = Constant([outputs, inputs / groups, kernel, kernel], 1 / MathF.Sqrt(kernel * kernel * inputs / (float)groups));
        string[] constants = bias ? [weights, Constant([outputs], 0.1f)] : [weights];
        return Node(
            "Conv",
            [_last, .. constants],
            Ints("strides", stride, stride),
            Ints("pads", pads ?? [0, 0, 0, 0]),
            Int("group", groups),
            Ints("kernel_shape", kernel, kernel));
    }

    public ModelWriter Gemm(int inputs, int outputs) => Node(
        "Gemm", [_last, Constant([outputs, inputs], 1 / MathF.Sqrt(inputs)), Constant([outputs], 0.1f)], Int("transB", 1));

    public ModelWriter Pool(string kind, int kernel, int stride, params AttributeProto[] more) =>
        Node(kind, [_last], [Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), .. more]);

    public ModelWriter Relu() => Node("Relu", [_last]);

    public ModelWriter Flatten() => Node("Flatten", [_last]);

    public ModelWriter Node(string op, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op.ToLowerInvariant()}{_names}" };
        node.Input.AddRange(inputs);
        _last = $"value{_names++}";
        node.Output.Add(_last);
        node.Attribute.AddRange(attributes);
        Model.Graph.Node.Add(node);
        return this;
    }

    /// <summary>Adds outputs to the last node.</summary>
    public string[] More(int outputs)
    {
        NodeProto node = Model.Graph.Node[^1];
        for (int i = 0; i < outputs; i++)
        {
            node.Output.Add($"value{_names++}");
        }

        return [.. node.Output];
    }

    /// <summary>Goes on from an earlier value.</summary>
    public ModelWriter From(string value)
    {
        _last = value;
        return this;
    }

    /// <summary>Adds a constant of uniform numbers within +- <paramref name="scale"/> around <paramref name="center"/>.</summary>
    public string Constant(int[] dims, float scale, float center = 0)
    {
        float[] values = new float[dims.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = center + scale * (2 * _random.NextSingle() - 1);
        }

        return Constant(dims, values);
    }

    public string Constant(int[] dims, float[] values)
    {
        var tensor = new TensorProto { Name = $"constant{_names++}", DataType = 1 };
        tensor.Dims.AddRange(dims.Select(dim => (long)dim));
        tensor.FloatData.AddRange(values);
        Model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Integers(params long[] values)
    {
        var tensor = new TensorProto { Name = $"constant{_names++}", DataType = 7 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        Model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Integer(long value)
    {
        string name = Integers(value);
        Model.Graph.Initializer[^1].Dims.Clear();
        return name;
    }

    public static AttributeProto Ints(string name, params int[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(value => (long)value));
        return attribute;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public byte[] Bytes()
    {
        if (Model.Graph.Output.Count == 0)
        {
            Model.Graph.Output.Add(new ValueInfoProto { Name = _last });
        }

        return Model.ToByteArray();
    }

    public OnnxNetwork Load(EngineOptions? options = null) => OnnxNetwork.Parse("test", Bytes(), options ?? new EngineOptions { Threads = 1 });

    public static float[] Images(OnnxNetwork network, int count, int seed = 7)
    {
        var random = new Random(seed);
        float[] images = new float[count * network.InputShape.Size];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = 2 * random.NextSingle() - 1;
        }

        return images;
    }
}
