namespace AnalogHil.Engine.Onnx;

/// <summary>Element types of ONNX tensors that constants may have.</summary>
internal enum OnnxDataType
{
    Undefined = 0,
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
}
