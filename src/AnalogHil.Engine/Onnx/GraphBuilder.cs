using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Onnx.Views;

namespace AnalogHil.Engine.Onnx;

/// <summary>Collects the values and nodes of a graph while its nodes are read in file order.</summary>
internal sealed class GraphBuilder
{
    private readonly Dictionary<string, GraphValue> _activations = [];
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly Dictionary<string, ChannelView> _views = [];
    private readonly Dictionary<string, SplitTensor> _splits = [];
    private readonly Dictionary<string, string> _leftOut = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphInput> _inputs = [];
    private readonly HashSet<int> _integers = [];
    private readonly HashSet<int> _truths = [];
    private int _values;
    private long _weights;
    private long _computed;
    private long _channels;

    /// <summary>Declared size of the batch where the file fixes it; null where it is symbolic.</summary>
    public long? FixedBatch { get; set; }

    public GraphValue? FindActivation(string name) => _activations.GetValueOrDefault(name);

    public OnnxTensor? FindConstant(string name) => _constants.GetValueOrDefault(name);

    public ChannelView? FindView(string name) => _views.GetValueOrDefault(name);

    public SplitTensor? FindSplit(string name) => _splits.GetValueOrDefault(name);

    /// <summary>Name of the node that would compute a value, were that output supported.</summary>
    public string? FindLeftOut(string name) => _leftOut.GetValueOrDefault(name);

    /// <summary>
    /// Notes the further outputs of an imported node that its importer did not compute; a network may name them as long as nothing reads them.
    /// </summary>
    public void NoteLeftOut(ImportedNode node)
    {
        for (int i = 1; i < node.OutputCount; i++)
        {
            string name = node.OutputName(i);
            if (name.Length > 0 && !_activations.ContainsKey(name))
            {
                _leftOut[name] = node.Name;
            }
        }
    }

    public GraphValue AddInput(string name, ItemShape shape, ElementKind kind)
    {
        GraphValue value = AddValue(name, shape);
        _inputs.Add(new GraphInput(value, kind));
        if (kind == ElementKind.Whole)
        {
            _integers.Add(value.Id);
        }

        return value;
    }

    /// <summary>Whether a value is an input of the model with integers.</summary>
    public bool IsIntegerInput(GraphValue value) => _inputs.Exists(input => input.Value.Id == value.Id && input.Kind == ElementKind.Whole);

    /// <summary>Whether a value is known to hold integers only.</summary>
    public bool IsInteger(GraphValue value) => _integers.Contains(value.Id);

    /// <summary>Whether a value is known to hold only 1 (true) and 0.</summary>
    public bool IsTruth(GraphValue value) => _truths.Contains(value.Id);

    /// <summary>Notes that the output of <paramref name="node"/> holds only 1 and 0.</summary>
    public void MarkTruth(ImportedNode node)
    {
        int id = _activations[node.Output].Id;
        _truths.Add(id);
        _integers.Add(id);
    }

    /// <summary>The first output of <paramref name="node"/> is a value that was emitted as a part of it.</summary>
    public void Name(ImportedNode node, GraphValue value)
    {
        RefuseTwice(node.Output);
        _activations.Add(node.Output, value);
    }

    public void AddConstant(string name, OnnxTensor tensor)
    {
        RefuseTwice(name);
        _computed += tensor.HeldValues;
        if (_computed > GraphLimits.ComputedValues)
        {
            throw new ModelImportException(
                $"the constants computed up to '{name}' hold more than {GraphLimits.ComputedValues} values; the file is damaged, or fold its constants "
                    + "before export");
        }

        _constants.Add(name, tensor);
    }

    public void AddView(string name, ChannelView view)
    {
        RefuseTwice(name);
        _views.Add(name, view);
    }

    public void AddSplit(string name, SplitTensor split)
    {
        RefuseTwice(name);
        _splits.Add(name, split);
    }

    /// <summary>Counts weights before they are allocated: layers may share a constant that the file holds once, or not at all.</summary>
    public void CountWeights(ImportedNode node, OnnxTensor weights)
    {
        _weights += weights.Count;
        if (_weights > GraphLimits.WeightValues)
        {
            throw node.Fail(
                $"the network's products hold more than {GraphLimits.WeightValues} weights up to weights "
                    + $"{weights}", "the file is damaged or the network too large");
        }
    }

    /// <summary>Adds an operation whose result is the first output of <paramref name="node"/>.</summary>
    public void Emit(ImportedNode node, Operation operation, ItemShape shape, params GraphValue[] inputs) =>
        Emit(node, 0, operation, shape, inputs);

    /// <summary>Adds an operation whose result is output <paramref name="index"/> of <paramref name="node"/>.</summary>
    public void Emit(ImportedNode node, int index, Operation operation, ItemShape shape, params GraphValue[] inputs) =>
        _nodes.Add(new GraphNode(node.Name, operation, inputs, AddValue(node.OutputName(index), shape)));

    /// <summary>Adds an operation that the file does not name: a part of <paramref name="node"/>.</summary>
    public GraphValue EmitPart(ImportedNode node, Operation operation, ItemShape shape, params GraphValue[] inputs)
    {
        GraphValue value = Create($"part of '{node.Name}'", shape);
        _nodes.Add(new GraphNode(node.Name, operation, inputs, value));
        return value;
    }

    /// <summary>The first output of <paramref name="node"/> is its input <paramref name="index"/> under another name.</summary>
    public void Alias(ImportedNode node, int index)
    {
        if (node.IsConstant(index))
        {
            AddConstant(node.Output, node.Constant(index));
            return;
        }

        RefuseTwice(node.Output);
        _activations.Add(node.Output, node.Activation(index));
    }

    public NetworkGraph Build(GraphValue output) => new(_inputs, output, _nodes, _values);

    private GraphValue AddValue(string name, ItemShape shape)
    {
        RefuseTwice(name);
        GraphValue value = Create(name, shape);
        _activations.Add(name, value);
        return value;
    }

    private GraphValue Create(string name, ItemShape shape)
    {
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1
            || (long)shape.Height * shape.Width > GraphLimits.ItemValues || (long)shape.Height * shape.Width * shape.Channels > GraphLimits.ItemValues)
        {
            throw new ModelImportException(
                $"value '{name}' has shape {shape}; each dimension must be at least 1 and one item at most {GraphLimits.ItemValues} values. The file is "
                    + "damaged or the network too large");
        }

        // Many operations keep something for each channel.
        _channels += shape.Channels;
        return _channels <= GraphLimits.WeightValues
            ? new GraphValue(_values++, name, shape)
            : throw new ModelImportException(
                $"the network's values have more than {GraphLimits.WeightValues} channels together up to '{name}'; the file is damaged");
    }

    private void RefuseTwice(string name)
    {
        if (_activations.ContainsKey(name) || _constants.ContainsKey(name) || _views.ContainsKey(name) || _splits.ContainsKey(name))
        {
            throw new ModelImportException($"the name '{name}' is given to two values; names must be unique, export the model again");
        }
    }
}
