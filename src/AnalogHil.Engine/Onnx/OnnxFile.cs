using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;

namespace AnalogHil.Engine.Onnx;

/// <summary>The protobuf message of an ONNX file, read only after its records are counted: an empty record of two bytes becomes an object of hundreds.</summary>
internal static class OnnxFile
{
    // Fields that nothing here reads are not kept.
    private static readonly MessageParser<ModelProto> Parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    /// <exception cref="ModelImportException">The bytes are no ONNX model, damaged, or hold more records than any network has.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            int records = 0;
            Count(file, Record.Model, ref records);
            return Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelImportException($"the file is not an ONNX model, or damaged or cut short: {error.Message} Export or copy it again", error);
        }
    }

    // Counts what becomes an object of its own: messages and texts. Damage is left to the parser, which says what is wrong; it stops where this does or before.
    private static void Count(ReadOnlySpan<byte> message, Record kind, ref int records)
    {
        for (int at = 0; at < message.Length;)
        {
            if (!TryVarint(message, ref at, out ulong tag))
            {
                return;
            }

            ulong length = 0;
            bool delimited = false;
            switch (tag & 7)
            {
                case 0 when TryVarint(message, ref at, out _):
                    break;
                case 1:
                    length = 8;
                    break;
                case 2 when TryVarint(message, ref at, out length):
                    delimited = true;
                    break;
                case 5:
                    length = 4;
                    break;
                default:
                    return;
            }

            if (length > (ulong)(message.Length - at))
            {
                return;
            }

            if (delimited)
            {
                if (++records > GraphLimits.FileRecords)
                {
                    throw new ModelImportException(
                        $"the file holds more than {GraphLimits.FileRecords} nodes, attributes, names and constants; it is damaged or no network of this kind");
                }

                Record inner = Inside(kind, tag >> 3);
                if (inner != Record.Leaf)
                {
                    Count(message.Slice(at, (int)length), inner, ref records);
                }
            }

            at += (int)length;
        }
    }

    // The messages of onnx.proto that hold other records, by field number; none holds itself, so the depth is bounded.
    private static Record Inside(Record kind, ulong field) => (kind, field) switch
    {
        (Record.Model, 7) => Record.Graph,
        (Record.Model, 8) => Record.Flat,
        (Record.Graph, 1) => Record.Node,
        (Record.Graph, 5) => Record.Tensor,
        (Record.Graph, 11 or 12 or 13) => Record.Value,
        (Record.Node, 5) => Record.Attribute,
        (Record.Attribute, 5) => Record.Tensor,
        (Record.Tensor, 13) => Record.Flat,
        (Record.Value, 2) => Record.Type,
        (Record.Type, 1) => Record.TensorType,
        (Record.TensorType, 2) => Record.Shape,
        (Record.Shape, 1) => Record.Flat,
        _ => Record.Leaf,
    };

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private enum Record
    {
        Leaf,
        Flat,
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        Value,
        Type,
        TensorType,
        Shape,
    }
}
