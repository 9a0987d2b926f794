using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;

namespace AnalogHil.Engine.Onnx;

/// <summary>Reads an ONNX model into a graph. Whatever the bytes are, the result is a graph or a <see cref="ModelImportException"/>.</summary>
internal static class OnnxImporter
{
    private const int MaxNodes = 100_000;

    public static NetworkGraph Import(ReadOnlySpan<byte> file)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelImportException($"not an ONNX model, or damaged or cut short: {error.Message} Export or copy it again", error);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new ModelImportException($"the file ({file.Length} bytes) holds no graph; it is not an ONNX model or it is cut short. Export or copy it again");
        }

        if (model.Graph.Node.Count > MaxNodes)
        {
            throw new ModelImportException($"the graph has {model.Graph.Node.Count} nodes, at most {MaxNodes} are accepted; the file is damaged or no network of this kind");
        }

        return Import(model.Graph, DefaultOpset(model));
    }

    private static long DefaultOpset(ModelProto model)
    {
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            if (opset.Domain is "" or "ai.onnx")
            {
                return opset.Version;
            }
        }

        throw new ModelImportException("the file does not say which operator set it uses (opset_import of the default domain); export it again");
    }

    private static NetworkGraph Import(GraphProto proto, long opset)
    {
        var graph = new GraphBuilder();
        foreach (TensorProto tensor in proto.Initializer)
        {
            if (tensor.Name.Length == 0)
            {
                throw new ModelImportException("a constant of the file has no name; export the model again");
            }

            graph.AddConstant(tensor.Name, new OnnxTensor(tensor, tensor.Name));
        }

        GraphValue input = ImportInput(proto, graph);
        var names = new HashSet<string>();
        foreach (NodeProto node in proto.Node)
        {
            if (node.Output.Count == 0 || node.Output[0].Length == 0)
            {
                throw new ModelImportException($"node '{node.Name}' ({node.OpType}) has no output; the file is damaged, export it again");
            }

            // Plans and reports speak of layers by name; outputs are unique where node names are missing or repeated.
            string name = node.Name.Length > 0 && names.Add(node.Name) ? node.Name : node.Output[0];
            OperatorImporter importer = OperatorTable.Find(name, node.OpType, node.Domain, opset);
            var imported = new ImportedNode(node, name, opset, graph);
            imported.ExpectAttributes(importer.Attributes);
            importer.Import(imported, graph);
        }

        return graph.Build(input, FindOutput(proto, graph));
    }

    private static GraphValue ImportInput(GraphProto proto, GraphBuilder graph)
    {
        // Up to IR version 3 the constants were listed among the inputs.
        ValueInfoProto[] inputs = [.. proto.Input.Where(input => graph.FindConstant(input.Name) is null)];
        if (inputs.Length != 1)
        {
            throw new ModelImportException(
                $"the model has {inputs.Length} inputs ({string.Join(", ", inputs.Take(8).Select(i => $"'{i.Name}'"))}), exactly one is supported: the images. Token inputs of text models are not supported; give an image classifier");
        }

        TypeProto.Types.Tensor? type = inputs[0].Type?.TensorType;
        if (type is null || type.ElemType != (int)OnnxDataType.Float)
        {
            throw new ModelImportException($"input '{inputs[0].Name}' must be a float32 tensor (type 1), it has type {type?.ElemType ?? 0}; export the model in float32");
        }

        TensorShapeProto.Types.Dimension[] dims = [.. type.Shape?.Dim ?? []];
        if (dims.Length != 4 || dims.Skip(1).Any(dim => dim.DimValue < 1 || dim.DimValue > GraphLimits.Extent))
        {
            string shape = string.Join(", ", dims.Take(8).Select(dim => dim.HasDimValue ? $"{dim.DimValue}" : dim.DimParam));
            throw new ModelImportException(
                $"input '{inputs[0].Name}' has shape [{shape}]; [N, C, H, W] with fixed C, H and W is needed. Export with only the batch dimension dynamic");
        }

        graph.FixedBatch = dims[0].HasDimValue && dims[0].DimValue > 0 ? dims[0].DimValue : null;
        return graph.AddInput(inputs[0].Name, ItemShape.Map((int)dims[2].DimValue, (int)dims[3].DimValue, (int)dims[1].DimValue));
    }

    private static GraphValue FindOutput(GraphProto proto, GraphBuilder graph)
    {
        if (proto.Output.Count != 1)
        {
            throw new ModelImportException(
                $"the model has {proto.Output.Count} outputs ({string.Join(", ", proto.Output.Take(8).Select(o => $"'{o.Name}'"))}), exactly one is supported: the logits");
        }

        string name = proto.Output[0].Name;
        GraphValue output = graph.FindActivation(name)
            ?? throw new ModelImportException($"the output '{name}' is computed by no node; the file is damaged, export it again");
        return output.Shape.IsVector
            ? output
            : throw new ModelImportException($"the output '{name}' has shape {output.Shape}; a classifier's logits [N, classes] are needed. Export the whole classifier, head included");
    }
}
