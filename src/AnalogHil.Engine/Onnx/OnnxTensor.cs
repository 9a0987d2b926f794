using System.Buffers.Binary;
using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Onnx;

/// <summary>A constant of the model file. Its size is checked against the bytes that are really there before anything is allocated.</summary>
internal sealed class OnnxTensor
{
    private readonly TensorProto _proto;
    private readonly OnnxDataType _type;

    public OnnxTensor(TensorProto proto, string name)
    {
        _proto = proto;
        Name = name;
        _type = (OnnxDataType)proto.DataType;
        if (proto.DataLocation == TensorProto.Types.DataLocation.External || proto.ExternalData.Count > 0)
        {
            throw new ModelImportException(
                $"tensor '{name}': its data lies in another file (external data); save the model as one file, e.g. onnx.save(model, path, save_as_external_data=False)");
        }

        Dims = new int[proto.Dims.Count];
        long count = 1;
        for (int i = 0; i < Dims.Length; i++)
        {
            long dim = proto.Dims[i];
            if (dim < 0 || dim > int.MaxValue)
            {
                throw new ModelImportException($"tensor '{name}': dimension {i} is {dim}, outside 0 .. {int.MaxValue}; the file is damaged or was written wrongly");
            }

            Dims[i] = (int)dim;
            count = dim == 0 ? 0 : Math.Min(long.MaxValue / dim, count) * dim;
        }

        long stored = CountStored();
        if (count != stored)
        {
            throw new ModelImportException(
                $"tensor '{name}': shape {Describe(proto.Dims)} needs {count} values, {stored} are stored; the file is damaged or cut short, export it again");
        }

        Count = (int)count;
    }

    public string Name { get; }

    public int[] Dims { get; }

    public int Count { get; }

    public int Rank => Dims.Length;

    /// <summary>The values as float32, row-major.</summary>
    public float[] ToFloats()
    {
        float[] values = new float[Count];
        ReadOnlySpan<byte> raw = _proto.RawData.Span;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _type switch
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
                throw new ModelImportException($"tensor '{Name}': value {i} is {values[i]}; a weight must be finite, export the model again");
            }
        }

        return values;
    }

    /// <summary>The values as integers.</summary>
    public long[] ToIntegers()
    {
        if (_type is not (OnnxDataType.Int64 or OnnxDataType.Int32))
        {
            throw new ModelImportException($"tensor '{Name}': integers are needed here, it holds {_type}");
        }

        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Integer(i);
        }

        return values;
    }

    public override string ToString() => $"'{Name}' [{string.Join(", ", Dims)}]";

    private static string Describe(IEnumerable<long> dims) => "[" + string.Join(", ", dims) + "]";

    private long Integer(int i)
    {
        ReadOnlySpan<byte> raw = _proto.RawData.Span;
        return _type == OnnxDataType.Int64
            ? raw.IsEmpty ? _proto.Int64Data[i] : BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..])
            : raw.IsEmpty ? _proto.Int32Data[i] : BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]);
    }

    private long CountStored()
    {
        (int typed, int width) = _type switch
        {
            OnnxDataType.Float => (_proto.FloatData.Count, 4),
            OnnxDataType.Double => (_proto.DoubleData.Count, 8),
            OnnxDataType.Float16 => (_proto.Int32Data.Count, 2),
            OnnxDataType.Int64 => (_proto.Int64Data.Count, 8),
            OnnxDataType.Int32 => (_proto.Int32Data.Count, 4),
            _ => throw new ModelImportException(
                $"tensor '{Name}': element type {_proto.DataType} is not supported; supported are float32, float64, float16, int32 and int64. Export the model in float32"),
        };
        int bytes = _proto.RawData.Length;
        if (bytes == 0)
        {
            return typed;
        }

        if (bytes % width != 0)
        {
            throw new ModelImportException($"tensor '{Name}': {bytes} bytes of data are no multiple of {width}; the file is damaged, export it again");
        }

        return bytes / width;
    }
}
