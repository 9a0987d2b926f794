using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx;

/// <summary>Collects the values and nodes of a graph while its nodes are read in file order.</summary>
internal sealed class GraphBuilder
{
    private readonly Dictionary<string, GraphValue> _activations = [];
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly List<GraphNode> _nodes = [];
    private int _values;

    /// <summary>Declared size of the batch where the file fixes it; null where it is symbolic.</summary>
    public long? FixedBatch { get; set; }

    public GraphValue? FindActivation(string name) => _activations.GetValueOrDefault(name);

    public OnnxTensor? FindConstant(string name) => _constants.GetValueOrDefault(name);

    public GraphValue AddInput(string name, ItemShape shape) => AddValue(name, shape);

    public void AddConstant(string name, OnnxTensor tensor)
    {
        RefuseTwice(name);
        _constants.Add(name, tensor);
    }

    /// <summary>Adds an operation whose result is the first output of <paramref name="node"/>.</summary>
    public void Emit(ImportedNode node, Operation operation, ItemShape shape, params GraphValue[] inputs) =>
        _nodes.Add(new GraphNode(node.Name, operation, inputs, AddValue(node.Output, shape)));

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

    public NetworkGraph Build(GraphValue input, GraphValue output) => new(input, output, _nodes, _values);

    private GraphValue AddValue(string name, ItemShape shape)
    {
        RefuseTwice(name);
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1
            || (long)shape.Height * shape.Width > GraphLimits.ItemValues || (long)shape.Height * shape.Width * shape.Channels > GraphLimits.ItemValues)
        {
            throw new ModelImportException(
                $"value '{name}' has shape {shape}; each dimension must be at least 1 and one item at most {GraphLimits.ItemValues} values. The file is damaged or the network too large");
        }

        var value = new GraphValue(_values++, name, shape);
        _activations.Add(name, value);
        return value;
    }

    private void RefuseTwice(string name)
    {
        if (_activations.ContainsKey(name) || _constants.ContainsKey(name))
        {
            throw new ModelImportException($"the name '{name}' is given to two values; names must be unique, export the model again");
        }
    }
}
