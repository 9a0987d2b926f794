using System.Text.Json;
using AnalogHil.Engine;
using AnalogHil.Engine.Inspection;

namespace AnalogHil.Cli.Models;

/// <summary>A checked model as one JSON object on one line.</summary>
internal static class ModelCheckJson
{
    /// <summary>The line.</summary>
    public static string Of(ModelCheck check, int batch) => JsonLine.Write(json =>
    {
        json.WriteString("model", check.Path);
        json.WriteString("sha256", check.Network.Sha256);
        json.WriteNumber("bytes", check.Contents.Bytes);
        json.WriteNumber("opset", check.Contents.Opset);
        json.WriteString("producer", check.Contents.Producer);
        Write(json, "inputs", check.Contents.Inputs);
        Write(json, "outputs", check.Contents.Outputs);
        json.WriteNumber("classes", check.Network.Classes);
        json.WriteStartObject("operators");
        foreach (OperatorCount count in check.Contents.Operators)
        {
            json.WriteNumber(count.Operator, count.Count);
        }

        json.WriteEndObject();
        json.WriteNumber("parameters", check.Contents.Parameters);
        json.WriteNumber("analog_weights", check.AnalogWeights);
        json.WriteNumber("macs", check.Macs);
        json.WriteStartArray("analog_nodes");
        foreach (AnalogNode node in check.Network.AnalogNodes)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteString("operator", node.Operator);
            json.WriteString("operands", node.Operands == ProductOperands.Weights ? "weights" : "two_activations");
            json.WriteNumber("dot_length", node.DotLength);
            json.WriteNumber("channels", node.Channels);
            json.WriteNumber("groups", node.Groups);
            json.WriteNumber("positions", node.Positions);
            json.WriteNumber("macs", node.Macs);
            json.WriteStartArray("devices");
            foreach (string device in ModelCheck.DevicesOf(node))
            {
                json.WriteStringValue(device);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteMemory(json, check, batch);
        WritePreprocessing(json, check);
    });

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TensorDeclaration> tensors)
    {
        json.WriteStartArray(name);
        foreach (TensorDeclaration tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.ElementType);
            json.WriteStartArray("shape");
            foreach (string dim in tensor.Shape)
            {
                json.WriteStringValue(dim);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMemory(Utf8JsonWriter json, ModelCheck check, int batch)
    {
        NetworkMemory memory = check.Network.Memory(batch);
        json.WriteStartObject("memory_bytes");
        json.WriteNumber("batch", batch);
        json.WriteNumber("threads", memory.Threads);
        json.WriteNumber("weights", memory.Weights);
        json.WriteNumber("packed_weights", memory.PackedWeights);
        json.WriteNumber("activations_per_thread", memory.ActivationsPerThread);
        json.WriteNumber("scratch_per_thread", memory.ScratchPerThread);
        json.WriteNumber("total", memory.Total);
        json.WriteNumber("inputs", (long)batch * check.Network.InputShape.Size * sizeof(float));
        json.WriteEndObject();
    }

    private static void WritePreprocessing(Utf8JsonWriter json, ModelCheck check)
    {
        if (check.Preprocessing is not { } declared)
        {
            json.WriteNull("preprocessing");
            return;
        }

        json.WriteStartObject("preprocessing");
        json.WriteString("file", declared.Source);
        json.WriteString("channels", ModelCheckView.NameOf(declared.Channels));
        json.WriteNumber("scale", declared.Scale);
        WriteNumbers(json, "mean", declared.Mean);
        WriteNumbers(json, "std", declared.Std);
        if (declared.Crop is { } crop)
        {
            WriteNumbers(json, "crop", [crop.Height, crop.Width]);
        }

        json.WriteNumber("label_offset", declared.LabelOffset);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
