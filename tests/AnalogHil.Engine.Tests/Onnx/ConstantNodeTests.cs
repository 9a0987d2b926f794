using AnalogHil.Engine.Onnx.Wire;
using AttributeType = AnalogHil.Engine.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Constants given as nodes: whatever attribute holds them, the network is the same.</summary>
public sealed class ConstantNodeTests
{
    private static readonly float[] Image = [1, -2, 3, 4, -5, 6];

    [Fact]
    public void Import_NumbersAndLists_EqualInitializers()
    {
        ModelWriter plain = new ModelWriter(1, 2, 3);
        plain.Node("Mul", ["input", plain.Constant([], [1.5f])]).Node("Reshape", [plain.Last, plain.Integers(0, 6)]);
        plain.Node("Add", [plain.Last, plain.Constant([6], [1, 2, 3, 4, 5, 6])]).Gemm(6, 3);
        ModelWriter nodes = new ModelWriter(1, 2, 3);
        string factor = nodes.Node("Constant", [], ModelWriter.Float("value_float", 1.5f)).Last;
        string shape = nodes.Node("Constant", [], ModelWriter.Ints("value_ints", 0, 6)).Last;
        string shift = nodes.Node("Constant", [], Floats(1, 2, 3, 4, 5, 6)).Last;
        nodes.Node("Mul", ["input", factor]).Node("Reshape", [nodes.Last, shape]).Node("Add", [nodes.Last, shift]);
        nodes.Model.Graph.Initializer.Add(plain.Model.Graph.Initializer.TakeLast(2));
        nodes.Node("Gemm", [nodes.Last, .. plain.Model.Graph.Initializer.TakeLast(2).Select(tensor => tensor.Name)], ModelWriter.Int("transB", 1));

        Assert.Equal(Logits(plain), Logits(nodes));
    }

    [Fact]
    public void Import_SingleInteger_IsAScalar()
    {
        ModelWriter writer = new ModelWriter(1, 2, 3).Conv(1, 4, 2);
        string index = writer.Node("Constant", [], ModelWriter.Int("value_int", 1)).Last;
        OnnxNetwork network = writer.Node("Gather", ["value2", index], ModelWriter.Int("axis", 3)).Flatten().Gemm(4, 2).Load();

        Assert.Equal(4, network.AnalogNodes[^1].DotLength);
    }

    [Fact]
    public void Parse_ConstantWithoutValueOrNotFinite_IsRefused()
    {
        ModelImportException missing = Assert.Throws<ModelImportException>(() => new ModelWriter(1, 2, 3).Node("Constant", []).Flatten().Load());
        ModelImportException infinite = Assert.Throws<ModelImportException>(() => new ModelWriter(1, 2, 3).Node("Constant", [], Floats(1, float.PositiveInfinity)).Flatten().Load());

        Assert.Contains("none of the attributes value, value_float", missing.Message, StringComparison.Ordinal);
        Assert.Contains("value 1 is", infinite.Message, StringComparison.Ordinal);
    }

    private static float[] Logits(ModelWriter writer)
    {
        OnnxNetwork network = writer.Load();
        float[] logits = new float[network.Classes];
        network.Forward(Image, 1, logits);
        return logits;
    }

    private static AttributeProto Floats(params float[] values)
    {
        var attribute = new AttributeProto { Name = "value_floats", Type = AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }
}
