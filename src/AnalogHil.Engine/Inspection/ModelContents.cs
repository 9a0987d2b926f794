using AnalogHil.Engine.Onnx;
using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Inspection;

/// <summary>What a model file holds, as it is written there and before anything is folded: for people, not for execution.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Opset">Version of the default operator set; 0 where the file names none.</param>
/// <param name="Producer">Program that wrote it, with its version; empty where the file does not say.</param>
/// <param name="Operators">Every operator with its number of nodes, most frequent first.</param>
/// <param name="Parameters">Floating-point numbers stored as initializers.</param>
/// <param name="Inputs">Inputs that are no initializers.</param>
/// <param name="Outputs">Outputs.</param>
public sealed record ModelContents(
    long Bytes,
    long Opset,
    string Producer,
    IReadOnlyList<OperatorCount> Operators,
    long Parameters,
    IReadOnlyList<TensorDeclaration> Inputs,
    IReadOnlyList<TensorDeclaration> Outputs)
{
    // Numbers of ONNX element types; the names are NumPy's.
    private static readonly Dictionary<int, string> TypeNames = new()
    {
        [1] = "float32", [2] = "uint8", [3] = "int8", [4] = "uint16", [5] = "int16", [6] = "int32", [7] = "int64", [9] = "bool", [10] = "float16", [11] = "float64",
        [16] = "bfloat16",
    };

    /// <summary>Reads a model file; <see cref="OnnxNetwork.Load"/> says whether it can be executed.</summary>
    /// <param name="path">ONNX file.</param>
    /// <exception cref="ModelImportException">The file cannot be read, is too large or no ONNX model.</exception>
    public static ModelContents Read(string path)
    {
        byte[] file = ModelFile.Read(path);
        try
        {
            return Of(file);
        }
        catch (ModelImportException error)
        {
            throw new ModelImportException($"model '{path}': {error.Message}", error);
        }
    }

    /// <summary>Contents of a model in memory.</summary>
    internal static ModelContents Of(ReadOnlySpan<byte> file)
    {
        ModelProto model = OnnxFile.Parse(file);
        GraphProto graph = model.Graph ?? new GraphProto();
        HashSet<string> constants = [.. graph.Initializer.Select(tensor => tensor.Name)];
        return new ModelContents(
            file.Length,
            model.OpsetImport.FirstOrDefault(opset => opset.Domain is "" or "ai.onnx")?.Version ?? 0,
            $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            [
                .. graph.Node.GroupBy(node => node.OpType)
                    .Select(nodes => new OperatorCount(nodes.Key, nodes.Count()))
                    .OrderByDescending(count => count.Count).ThenBy(count => count.Operator, StringComparer.Ordinal),
            ],
            graph.Initializer.Where(tensor => (OnnxDataType)tensor.DataType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.Double)
                .Aggregate(0L, (sum, tensor) => Capped((Int128)sum + tensor.Dims.Aggregate(1L, (product, dim) => Capped((Int128)product * dim)))),
            [.. graph.Input.Where(input => !constants.Contains(input.Name)).Select(Declaration)],
            [.. graph.Output.Select(Declaration)]);
    }

    // Nothing vouches for what a file declares.
    private static long Capped(Int128 value) => (long)Int128.Clamp(value, 0, long.MaxValue);

    private static TensorDeclaration Declaration(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        return new TensorDeclaration(
            value.Name,
            tensor is null ? "" : TypeNames.GetValueOrDefault(tensor.ElemType) ?? $"type {tensor.ElemType}",
            [.. (tensor?.Shape?.Dim ?? []).Select(dim => dim.HasDimValue ? $"{dim.DimValue}" : dim.HasDimParam ? dim.DimParam : "?")]);
    }
}
