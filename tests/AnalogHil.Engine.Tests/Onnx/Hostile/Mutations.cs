using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>A stream of damaged copies of one file: bytes, protobuf fields and graph structure in turn.</summary>
internal sealed class Mutations(byte[] file, int seed)
{
    private readonly Random _random = new(seed);
    private readonly ModelProto _model = ModelProto.Parser.ParseFrom(file);
    private int _next;

    public byte[] Next() => (_next++ % 4) switch
    {
        0 => ByteMutation.Apply(file, _random),
        1 => WireMutation.Apply(file, _random),
        _ => GraphMutation.Apply(_model, _random),
    };
}
