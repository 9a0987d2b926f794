using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Operators.Shaping;
using AnalogHil.Engine.Onnx.Views;
using AnalogHil.Engine.Onnx.Wire;
using AttributeType = AnalogHil.Engine.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace AnalogHil.Engine.Onnx;

/// <summary>A node of the model file with checked access to its attributes and inputs.</summary>
internal sealed class ImportedNode
{
    private readonly NodeProto _proto;
    private readonly GraphBuilder _graph;
    private readonly Dictionary<string, AttributeProto> _attributes = [];

    public ImportedNode(NodeProto proto, string name, long opset, GraphBuilder graph)
    {
        _proto = proto;
        _graph = graph;
        Name = name;
        Opset = opset;
        foreach (AttributeProto attribute in proto.Attribute)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
            {
                throw Fail($"attribute '{attribute.Name}' appears twice", "the file is damaged, export it again");
            }
        }
    }

    public string Name { get; }

    public string Operator => _proto.OpType;

    public long Opset { get; }

    /// <summary>Name of the first output.</summary>
    public string Output => _proto.Output[0];

    /// <summary>Number of outputs, unused ones counted.</summary>
    public int OutputCount => _proto.Output.Count;

    /// <summary>Number of inputs, left-out ones counted.</summary>
    public int InputCount => _proto.Input.Count;

    /// <summary>Name of output <paramref name="index"/>; empty where nobody uses it.</summary>
    public string OutputName(int index) => _proto.Output[index];

    /// <summary>Whether input <paramref name="index"/> is given; an optional input may be left out or empty.</summary>
    public bool HasInput(int index) => index < _proto.Input.Count && _proto.Input[index].Length > 0;

    /// <summary>Whether input <paramref name="index"/> is a constant of the file.</summary>
    public bool IsConstant(int index) => HasInput(index) && _graph.FindConstant(_proto.Input[index]) is not null;

    /// <summary>Name of input <paramref name="index"/>.</summary>
    public string InputName(int index) =>
        HasInput(index) ? _proto.Input[index] : throw Fail($"input {index} is missing", "the file is damaged, export it again");

    /// <summary>Input <paramref name="index"/>, computed at run time.</summary>
    public GraphValue Activation(int index)
    {
        string name = InputName(index);
        return _graph.FindActivation(name)
            ?? throw (_graph.FindView(name) is { } view
                ? Fail($"input '{name}' has shape [N, {string.Join(", ", view.Dims)}], only Transpose and Reshape read such "
                    + "values",
                "join the split channels again first")
                : _graph.FindSplit(name) is { } split
                ? Fail($"input '{name}' has shape {split}, only Transpose, Gather, Split and Squeeze read such "
                    + "values",
                "pick one place along a dimension first")
                : _graph.FindConstant(name) is not null
                ? Fail($"input '{name}' is a constant where an activation is needed", "fold constants before export")
                : _graph.FindLeftOut(name) is { } producer
                ? Fail($"input '{name}' is a further output of node '{producer}', which is not computed", "use the first output of that node only")
                : Fail($"reads '{name}', which no earlier node computes", "the graph has a cycle or is not in topological order; export it again"));
    }

    /// <summary>Input <paramref name="index"/>, an activation or one whose channels were split into dimensions.</summary>
    public ChannelView View(int index)
    {
        if (_graph.FindView(InputName(index)) is { } view)
        {
            return view;
        }

        GraphValue value = Activation(index);
        return new ChannelView(value, [value.Shape.Channels], [0]);
    }

    /// <summary>Input <paramref name="index"/>, a feature map.</summary>
    public GraphValue Map(int index)
    {
        GraphValue value = Activation(index);
        return value.Shape.IsMap ? value
            : value.Shape.TensorRank == 3 ? Layout.Map(this, _graph, value)
            : throw Fail($"input '{value.Name}' has shape {value.Shape}, a feature map [N, C, H, W] is needed", "only two-dimensional networks are supported");
    }

    /// <summary>Input <paramref name="index"/>, a vector.</summary>
    public GraphValue Vector(int index)
    {
        GraphValue value = Activation(index);
        return value.Shape.IsVector
            ? value
            : throw Fail($"input '{value.Name}' has shape {value.Shape}, a vector [N, length] is needed", "put a Flatten before it");
    }

    /// <summary>Input <paramref name="index"/>, a constant.</summary>
    public OnnxTensor Constant(int index)
    {
        string name = InputName(index);
        return _graph.FindConstant(name)
            ?? throw Fail(
                $"input '{name}' must be a constant of the file, it is computed at run time or missing", "export in evaluation mode with constant folding");
    }

    public bool HasAttribute(string name) => _attributes.ContainsKey(name);

    public long Integer(string name, long fallback) =>
        Find(name, AttributeType.Int) is { } attribute ? attribute.I : fallback;

    public float Float(string name, float fallback)
    {
        float value = Find(name, AttributeType.Float) is { } attribute ? attribute.F : fallback;
        return float.IsNaN(value) ? throw Fail($"attribute '{name}' is not a number", "the file is damaged, export it again") : value;
    }

    public string Text(string name, string fallback) =>
        Find(name, AttributeType.String) is { } attribute ? attribute.S.ToStringUtf8() : fallback;

    public long[]? Integers(string name) => Find(name, AttributeType.Ints) is { } attribute ? [.. attribute.Ints] : null;

    public float[]? Floats(string name) => Find(name, AttributeType.Floats) is { } attribute ? [.. attribute.Floats] : null;

    public OnnxTensor? Tensor(string name) =>
        Find(name, AttributeType.Tensor) is { } attribute ? new OnnxTensor(attribute.T ?? new TensorProto(), Output) : null;

    /// <summary>Refuses attributes the importer does not know.</summary>
    public void ExpectAttributes(IReadOnlyList<string> known)
    {
        foreach (string name in _attributes.Keys)
        {
            if (!known.Contains(name))
            {
                throw Fail(
                    $"attribute '{name}' is not supported; supported are {(known.Count == 0 ? "none" : string.Join(", ", known))}",
                    "change the layer or the exporter's options");
            }
        }
    }

    /// <summary>An error at this node.</summary>
    public ModelImportException Fail(string cause, string remedy) =>
        new($"node '{Name}' ({_proto.OpType}, opset {Opset}): {cause}; {remedy}");

    private AttributeProto? Find(string name, AttributeType type)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
        {
            return null;
        }

        return attribute.Type == type || !attribute.HasType
            ? attribute
            : throw Fail($"attribute '{name}' is of type {attribute.Type}, {type} is needed", "the file is damaged, export it again");
    }
}
