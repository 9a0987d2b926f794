using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Constants;
using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Onnx;

/// <summary>
/// A constant: stored in the model file, or computed from such while it is read. Stored ones are checked against the bytes that are really there before
/// anything is allocated.
/// </summary>
internal sealed class OnnxTensor
{
    private readonly ConstantValues _values;

    public OnnxTensor(TensorProto proto, string name)
    {
        Name = name;
        if (proto.DataLocation == TensorProto.Types.DataLocation.External || proto.ExternalData.Count > 0)
        {
            throw new ModelImportException(
                $"tensor '{name}': its data lies in another file (external data); save the model as one file, e.g. onnx.save(model, path, "
                    + "save_as_external_data=False)");
        }

        (Dims, long count) = Measure(name, proto.Dims);
        var stored = new StoredValues(proto, name);
        long there = stored.CountStored();
        if (count != there)
        {
            throw new ModelImportException(
                $"tensor '{name}': shape {Describe(proto.Dims)} needs {count} values, {there} are stored; the file is damaged or cut short, export it again");
        }

        Count = (int)count;
        _values = stored;
    }

    private OnnxTensor(string name, int[] dims, int count, ConstantValues values)
    {
        Name = name;
        Dims = dims;
        Count = count;
        _values = values;
    }

    public string Name { get; }

    public int[] Dims { get; }

    public int Count { get; }

    public int Rank => Dims.Length;

    /// <summary>Whether the values are integers.</summary>
    public bool IsInteger => _values.Type is OnnxDataType.Int64 or OnnxDataType.Int32;

    /// <summary>Values it keeps in memory beyond the file's own.</summary>
    public int HeldValues => _values is ComputedFloats or ComputedIntegers ? Count : 0;

    /// <summary>A constant whose values are made when they are asked for.</summary>
    /// <exception cref="ModelImportException">A dimension is out of range, or there are more values than any constant may have.</exception>
    public static OnnxTensor Create(string name, IReadOnlyList<long> dims, ConstantValues values)
    {
        (int[] shape, long count) = Measure(name, dims);
        return count <= GraphLimits.ItemValues
            ? new OnnxTensor(name, shape, (int)count, values)
            : throw new ModelImportException(
                $"tensor '{name}': shape {Describe(dims)} means {count} values, a computed constant may have {GraphLimits.ItemValues} at most; the file is "
                    + "damaged");
    }

    /// <summary>A list of integers.</summary>
    public static OnnxTensor List(string name, params long[] values) => Create(name, [values.Length], new ComputedIntegers(values));

    /// <summary>The same values in another shape of the same size.</summary>
    public OnnxTensor As(string name, int[] dims) => new(name, dims, Count, _values);

    /// <summary>The values as float32, row-major, in an array of the caller's own.</summary>
    public float[] ToFloats() => _values.ToFloats(Count);

    /// <summary>The values as integers.</summary>
    public long[] ToIntegers() => IsInteger
        ? _values.ToIntegers(Count)
        : throw new ModelImportException($"tensor '{Name}': integers are needed here, it holds {_values.Type}");

    public override string ToString() => $"'{Name}' [{string.Join(", ", Dims)}]";

    private static (int[] Dims, long Count) Measure(string name, IReadOnlyList<long> dims)
    {
        int[] shape = new int[dims.Count];
        long count = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            long dim = dims[i];
            if (dim < 0 || dim > int.MaxValue)
            {
                throw new ModelImportException(
                    $"tensor '{name}': dimension {i} is {dim}, outside 0 .. {int.MaxValue}; the file is damaged or was written wrongly");
            }

            shape[i] = (int)dim;
            count = dim == 0 ? 0 : Math.Min(long.MaxValue / dim, count) * dim;
        }

        return (shape, count);
    }

    private static string Describe(IEnumerable<long> dims) => "[" + string.Join(", ", dims) + "]";
}
