using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Onnx;

/// <summary>Reads an ONNX model into a graph. Whatever the bytes are, the result is a graph or a <see cref="ModelImportException"/>.</summary>
internal static class OnnxImporter
{
    private const int MaxNodes = 100_000;
    private const int MaxInputs = 16;

    public static NetworkGraph Import(ReadOnlySpan<byte> file)
    {
        ModelProto model = OnnxFile.Parse(file);

        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new ModelImportException(
                $"the file ({file.Length} bytes) holds no graph; it is not an ONNX model or it is cut short. Export or copy it again");
        }

        if (model.Graph.Node.Count > MaxNodes)
        {
            throw new ModelImportException(
                $"the graph has {model.Graph.Node.Count} nodes, at most {MaxNodes} are accepted; the file is damaged or no network of this kind");
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

        ImportInputs(proto, graph);
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
            graph.NoteLeftOut(imported);
        }

        return graph.Build(FindOutput(proto, graph));
    }

    private static void ImportInputs(GraphProto proto, GraphBuilder graph)
    {
        // Up to IR version 3 the constants were listed among the inputs.
        ValueInfoProto[] inputs = [.. proto.Input.Where(input => graph.FindConstant(input.Name) is null)];
        if (inputs.Length is < 1 or > MaxInputs)
        {
            throw new ModelImportException(
                $"the model has {inputs.Length} inputs, 1 to {MaxInputs} are accepted; the file is damaged or no network of this kind");
        }

        long values = 0;
        foreach (ValueInfoProto input in inputs)
        {
            values += ImportInput(input, graph).Shape.Size;
        }

        if (values > GraphLimits.ItemValues)
        {
            throw new ModelImportException(
                $"the inputs of one example hold {values} values, at most {GraphLimits.ItemValues} are accepted; the file is damaged");
        }
    }

    private static GraphValue ImportInput(ValueInfoProto input, GraphBuilder graph)
    {
        TypeProto.Types.Tensor? type = input.Type?.TensorType;
        ElementKind kind = (OnnxDataType)(type?.ElemType ?? 0) switch
        {
            OnnxDataType.Float => ElementKind.Real,
            OnnxDataType.Int64 or OnnxDataType.Int32 or OnnxDataType.Bool => ElementKind.Whole,
            _ => throw new ModelImportException(
                $"input '{input.Name}' must be a tensor of float32 (type 1), int64, int32 or bool, it has type {type?.ElemType ?? 0}; export the model in "
                    + "float32"),
        };
        TensorShapeProto.Types.Dimension[] dims = [.. type!.Shape?.Dim ?? []];
        bool isFixed = dims.Length is >= 2 and <= ItemShape.MostDims + 1 && dims.Skip(1).All(dim => dim.DimValue >= 1 && dim.DimValue <= GraphLimits.Extent);
        if (!isFixed)
        {
            string shape = string.Join(", ", dims.Take(8).Select(dim => dim.HasDimValue ? $"{dim.DimValue}" : dim.DimParam));
            throw new ModelImportException(
                $"input '{input.Name}' has shape [{shape}]; [N, C, H, W] with fixed C, H and W is needed, or tokens [N, length] of a fixed length. Export "
                    + "with only the batch dimension dynamic");
        }

        graph.FixedBatch ??= dims[0].HasDimValue && dims[0].DimValue > 0 ? dims[0].DimValue : null;
        int[] sizes = [.. dims.Skip(1).Select(dim => (int)dim.DimValue)];
        return graph.AddInput(input.Name, sizes.Length == 3 ? ItemShape.Map(sizes[1], sizes[2], sizes[0]) : ItemShape.RowMajor(sizes), kind);
    }

    private static GraphValue FindOutput(GraphProto proto, GraphBuilder graph)
    {
        if (proto.Output.Count != 1)
        {
            throw new ModelImportException(
                $"the model has {proto.Output.Count} outputs ({string.Join(", ", proto.Output.Take(8).Select(o => $"'{o.Name}'"))}), exactly one is "
                    + "supported: the logits");
        }

        string name = proto.Output[0].Name;
        GraphValue output = graph.FindActivation(name)
            ?? throw new ModelImportException(graph.FindSplit(name) is { } split
                ? $"the output '{name}' has shape {split}; a classifier's logits [N, classes] are needed"
                : $"the output '{name}' is computed by no node; the file is damaged, export it again");
        return output.Shape.IsVector
            ? output
            : throw new ModelImportException(
                $"the output '{name}' has shape {output.Shape}; a classifier's logits [N, classes] are needed. Export the whole classifier, head included");
    }
}
