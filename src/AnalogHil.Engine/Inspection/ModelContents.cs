using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;

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
        try
        {
            long bytes = new FileInfo(path).Length;
            return bytes <= GraphLimits.FileBytes
                ? Of(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)), bytes)
                : throw new ModelImportException($"'{path}' has {bytes} bytes, at most {GraphLimits.FileBytes} are accepted; store the weights in float32 in one file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && error is not InvalidProtocolBufferException)
        {
            throw new ModelImportException($"the model '{path}' cannot be read: {error.Message} Check the path and its permissions", error);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelImportException($"'{path}' is not an ONNX model, or damaged or cut short: {error.Message} Export or copy it again", error);
        }
    }

    private static ModelContents Of(ModelProto model, long bytes)
    {
        GraphProto graph = model.Graph ?? new GraphProto();
        HashSet<string> constants = [.. graph.Initializer.Select(tensor => tensor.Name)];
        return new ModelContents(
            bytes,
            model.OpsetImport.FirstOrDefault(opset => opset.Domain is "" or "ai.onnx")?.Version ?? 0,
            $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            [
                .. graph.Node.GroupBy(node => node.OpType)
                    .Select(nodes => new OperatorCount(nodes.Key, nodes.Count()))
                    .OrderByDescending(count => count.Count).ThenBy(count => count.Operator, StringComparer.Ordinal),
            ],
            graph.Initializer.Where(tensor => (OnnxDataType)tensor.DataType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.Double)
                .Sum(tensor => tensor.Dims.Aggregate(1L, (product, dim) => product * dim)),
            [.. graph.Input.Where(input => !constants.Contains(input.Name)).Select(Declaration)],
            [.. graph.Output.Select(Declaration)]);
    }

    private static TensorDeclaration Declaration(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        return new TensorDeclaration(
            value.Name,
            tensor is null ? "" : TypeNames.GetValueOrDefault(tensor.ElemType) ?? $"type {tensor.ElemType}",
            [.. (tensor?.Shape?.Dim ?? []).Select(dim => dim.HasDimValue ? $"{dim.DimValue}" : dim.HasDimParam ? dim.DimParam : "?")]);
    }
}
