using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Onnx.Constants;

/// <summary>Values as the file stores them.</summary>
internal sealed class StoredValues : ConstantValues
{
    private readonly TensorProto _proto;
    private readonly string _name;

    public StoredValues(TensorProto proto, string name)
    {
        _proto = proto;
        _name = name;
        Type = (OnnxDataType)proto.DataType;
    }

    public override OnnxDataType Type { get; }

    public override float[] ToFloats(int count)
    {
        float[] values = new float[count];
        ReadOnlySpan<byte> raw = _proto.RawData.Span;
        bool copied = BitConverter.IsLittleEndian && !raw.IsEmpty && (Type is OnnxDataType.Float or OnnxDataType.Float16);
        if (copied && Type == OnnxDataType.Float)
        {
            raw.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        else if (copied)
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(raw);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)halves[i];
            }
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = copied ? values[i] : Type switch
            {
                OnnxDataType.Float => raw.IsEmpty ? _proto.FloatData[i] : BinaryPrimitives.ReadSingleLittleEndian(raw[(4 * i)..]),
                OnnxDataType.Double => (float)(raw.IsEmpty ? _proto.DoubleData[i] : BinaryPrimitives.ReadDoubleLittleEndian(raw[(8 * i)..])),
                OnnxDataType.Float16 => (float)(raw.IsEmpty
                    ? BitConverter.UInt16BitsToHalf((ushort)_proto.Int32Data[i])
                    : BinaryPrimitives.ReadHalfLittleEndian(raw[(2 * i)..])),
                _ => Integer(i),
            };
            if (!float.IsFinite(values[i]))
            {
                throw new ModelImportException($"tensor '{_name}': value {i} is {values[i]}; a weight must be finite, export the model again");
            }
        }

        return values;
    }

    public override long[] ToIntegers(int count)
    {
        long[] values = new long[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Integer(i);
        }

        return values;
    }

    /// <summary>Values that are really there.</summary>
    public long CountStored()
    {
        (int typed, int width) = Type switch
        {
            OnnxDataType.Float => (_proto.FloatData.Count, 4),
            OnnxDataType.Double => (_proto.DoubleData.Count, 8),
            OnnxDataType.Float16 => (_proto.Int32Data.Count, 2),
            OnnxDataType.Int64 => (_proto.Int64Data.Count, 8),
            OnnxDataType.Int32 => (_proto.Int32Data.Count, 4),
            _ => throw new ModelImportException(
                $"tensor '{_name}': element type {_proto.DataType} is not supported; supported are float32, float64, float16, int32 and int64. Export the "
                    + "model in float32"),
        };

        int bytes = _proto.RawData.Length;
        if (bytes == 0)
        {
            return typed;
        }

        return bytes % width == 0
            ? bytes / width
            : throw new ModelImportException($"tensor '{_name}': {bytes} bytes of data are no multiple of {width}; the file is damaged, export it again");
    }

    private long Integer(int i)
    {
        ReadOnlySpan<byte> raw = _proto.RawData.Span;
        return Type == OnnxDataType.Int64
            ? raw.IsEmpty ? _proto.Int64Data[i] : BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..])
            : raw.IsEmpty ? _proto.Int32Data[i] : BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]);
    }
}
