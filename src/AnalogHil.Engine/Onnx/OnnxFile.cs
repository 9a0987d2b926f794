using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;

namespace AnalogHil.Engine.Onnx;

/// <summary>
/// The protobuf message of an ONNX file, read only after its records and listed integers are counted: an empty record of two bytes becomes an object of
/// hundreds,
/// an integer of one byte takes eight.
/// </summary>
internal static class OnnxFile
{
    // Fields that nothing here reads are not kept.
    private static readonly MessageParser<ModelProto> Parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    /// <exception cref="ModelImportException">The bytes are no ONNX model, damaged, or hold more records than any network has.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            var contents = new Contents();
            Count(file, Record.Model, contents);
            return Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelImportException($"the file is not an ONNX model, or damaged or cut short: {error.Message} Export or copy it again", error);
        }
    }

    // Counts what becomes an object of its own: messages and texts. Damage is left to the parser, which says what is wrong; it stops where this does or before.
    private static void Count(ReadOnlySpan<byte> message, Record kind, Contents contents)
    {
        for (int at = 0; at < message.Length;)
        {
            if (!TryVarint(message, ref at, out ulong tag))
            {
                return;
            }

            bool isList = IsIntegers(kind, tag >> 3);
            ulong length = 0;
            bool delimited = false;
            switch (tag & 7)
            {
                case 0 when TryVarint(message, ref at, out _):
                    contents.AddIntegers(isList ? 1 : 0);
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
                contents.AddRecord();
                ReadOnlySpan<byte> content = message.Slice(at, (int)length);
                Record inner = Inside(kind, tag >> 3);
                if (isList)
                {
                    contents.AddIntegers(Varints(content));
                }
                else if (inner != Record.Leaf)
                {
                    Count(content, inner, contents);
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

    // Lists of integers of any length: dims, int32_data and int64_data of tensors, ints of attributes.
    private static bool IsIntegers(Record kind, ulong field) => (kind, field) is (Record.Tensor, 1 or 5 or 7) or (Record.Attribute, 8);

    // Each ends with a byte below 128.
    private static int Varints(ReadOnlySpan<byte> packed)
    {
        int count = 0;
        foreach (byte next in packed)
        {
            count += next < 0x80 ? 1 : 0;
        }

        return count;
    }

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

    private sealed class Contents
    {
        private int _records;
        private long _integers;

        public void AddRecord()
        {
            if (++_records > GraphLimits.FileRecords)
            {
                throw new ModelImportException(
                    $"the file holds more than {GraphLimits.FileRecords} nodes, attributes, names and constants; it is damaged or no network of this kind");
            }
        }

        public void AddIntegers(int count)
        {
            _integers += count;
            if (_integers > GraphLimits.FileIntegers)
            {
                throw new ModelImportException(
                    $"the file lists more than {GraphLimits.FileIntegers} integers one by one; it is damaged, or store its constants as raw data "
                        + "(onnx.numpy_helper.from_array)");
            }
        }
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
