using System.Runtime.InteropServices;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;

namespace AnalogHil.Engine.Onnx;

/// <summary>Writes other weights of analog products into an ONNX file; all else of the file stays, what the engine does not read included.</summary>
public static class OnnxWeights
{
    // float32 weights times and over a folded batch normalisation, both rounded.
    private const double Tolerance = 1e-5;

    /// <summary>The file with these weights.</summary>
    /// <param name="file">Bytes of the ONNX file that the network was read from.</param>
    /// <param name="weights">[node] [channels x N] in the order of <see cref="AnalogNode.Weights"/>, batch normalisation folded in; null leaves a node as it
    /// is.</param>
    /// <exception cref="ModelImportException">The bytes are no model, or its weights are kept where they cannot be replaced.</exception>
    /// <exception cref="ArgumentException">The weights are not those of this network.</exception>
    public static byte[] Replace(ReadOnlySpan<byte> file, IReadOnlyList<float[]?> weights)
    {
        IReadOnlyList<AnalogNode> nodes = OnnxNetwork.Parse("original", file).AnalogNodes;
        if (weights.Count != nodes.Count)
        {
            throw new ArgumentException(
                $"weights of {weights.Count} nodes are given, the file has {nodes.Count} analog products; give one for each, null for no change", nameof(weights));
        }

        ModelProto model = ModelProto.Parser.ParseFrom(file);
        Dictionary<string, NodeProto> byName = Names(model.Graph);
        foreach (AnalogNode node in nodes)
        {
            if (weights[node.Index] is { } values)
            {
                Write(model.Graph, byName[node.Name], node, values);
            }
        }

        byte[] written = model.ToByteArray();
        RequireSame(written, nodes, weights);
        return written;
    }

    // As the importer names them.
    private static Dictionary<string, NodeProto> Names(GraphProto graph)
    {
        var byName = new Dictionary<string, NodeProto>();
        foreach (NodeProto node in graph.Node)
        {
            if (node.Name.Length == 0 || !byName.TryAdd(node.Name, node))
            {
                byName[node.Output[0]] = node;
            }
        }

        return byName;
    }

    private static void Write(GraphProto graph, NodeProto proto, AnalogNode node, float[] values)
    {
        int place = Place(graph, proto);
        string name = proto.Input[place];
        TensorProto tensor = graph.Initializer.Single(constant => constant.Name == name);
        if (graph.Node.Sum(other => other.Input.Count(input => input == name)) != 1 || tensor.DataType != (int)OnnxDataType.Float)
        {
            throw new ModelImportException(
                $"weights '{name}' of node '{node.Name}' are shared with another node or not float32, and cannot be replaced; export the model with weights of its "
                    + "own in float32");
        }

        float[] stored = new OnnxTensor(tensor, name).ToFloats();
        if (values.Length != node.Weights.Length || stored.Length != values.Length)
        {
            throw new ArgumentException($"node '{node.Name}': {values.Length} weights are given, it has {stored.Length}; give weights of this network");
        }

        int[] order = Order(proto, tensor, node);
        ReadOnlySpan<float> folded = node.Weights.Span;
        for (int channel = 0; channel < node.Channels; channel++)
        {
            // What was folded into a channel is one factor, best seen at its largest weight.
            int first = channel * node.DotLength;
            int largest = first;
            for (int k = first; k < first + node.DotLength; k++)
            {
                largest = Math.Abs(stored[order[k]]) > Math.Abs(stored[order[largest]]) ? k : largest;
            }

            double factor = stored[order[largest]] == 0 ? 1 : (double)folded[largest] / stored[order[largest]];
            for (int k = first; k < first + node.DotLength && factor != 0; k++)
            {
                stored[order[k]] = (float)(values[k] / factor);
            }
        }

        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(stored));
    }

    private static int Place(GraphProto graph, NodeProto proto)
    {
        for (int input = proto.Input.Count - 1; input >= 0; input--)
        {
            string name = proto.Input[input];
            if (graph.Initializer.Any(constant => constant.Name == name && constant.Dims.Count >= 2))
            {
                return input;
            }
        }

        throw new ModelImportException(
            $"the weights of node '{(proto.Name.Length > 0 ? proto.Name : proto.Output[0])}' are computed by other nodes and no constant of the file; fold "
                + "constants when exporting the model");
    }

    // Place in the file of each weight in patch order.
    private static int[] Order(NodeProto proto, TensorProto tensor, AnalogNode node)
    {
        int[] order = new int[node.Weights.Length];
        int inputs = node.DotLength / node.Taps;
        bool columns = proto.OpType == "MatMul" || (proto.OpType == "Gemm" && !proto.Attribute.Any(attribute => attribute.Name == "transB" && attribute.I != 0));
        for (int channel = 0; channel < node.Channels; channel++)
        {
            for (int k = 0; k < node.DotLength; k++)
            {
                (int tap, int input) = Math.DivRem(k, inputs);
                order[channel * node.DotLength + k] = columns
                    ? k * node.Channels + channel
                    : tensor.Dims.Count == 4 ? (channel * inputs + input) * node.Taps + tap : channel * node.DotLength + k;
            }
        }

        return order;
    }

    private static void RequireSame(byte[] written, IReadOnlyList<AnalogNode> nodes, IReadOnlyList<float[]?> weights)
    {
        IReadOnlyList<AnalogNode> read = OnnxNetwork.Parse("written", written).AnalogNodes;
        foreach (AnalogNode node in nodes)
        {
            ReadOnlySpan<float> expected = weights[node.Index] ?? node.Weights.Span;
            ReadOnlySpan<float> actual = read[node.Index].Weights.Span;
            double largest = 0;
            double off = 0;
            for (int k = 0; k < expected.Length; k++)
            {
                largest = Math.Max(largest, Math.Abs((double)expected[k]));
                off = Math.Max(off, Math.Abs((double)expected[k] - actual[k]));
            }

            if (!(off <= Tolerance * largest))
            {
                throw new ModelImportException(
                    $"node '{node.Name}': read back, weights differ by up to {off:G3} from those written ({largest:G3} the largest); more than a factor for each "
                        + "channel is folded into them, write this model with another tool");
            }
        }
    }
}
