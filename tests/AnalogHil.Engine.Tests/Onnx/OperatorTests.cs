using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Graph.Operations.Reductions;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;
using AttributeType = AnalogHil.Engine.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Different ways of writing the same network give the same network.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void Import_MatMulAndAdd_EqualsGemm()
    {
        ModelWriter gemm = new ModelWriter(1, 2, 3).Flatten();
        float[] weights = [.. Enumerable.Range(0, 12).Select(i => 0.1f * i - 0.4f)];
        gemm.Node("Gemm", [gemm.Last, gemm.Constant([6, 2], weights), gemm.Constant([2], [0.5f, -1])]);
        ModelWriter matMul = new ModelWriter(1, 2, 3).Flatten();
        matMul.Node("MatMul", [matMul.Last, matMul.Constant([6, 2], weights)]);
        matMul.Node("Add", [matMul.Constant([1, 2], [0.5f, -1]), matMul.Last]);

        OnnxNetwork network = AssertSame(gemm, matMul);

        Assert.Equal("MatMul", network.AnalogNodes.Single().Operator);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(k => weights[2 * k])], network.AnalogNodes[0].Weights[..6].ToArray());
    }

    [Fact]
    public void Import_GemmFactors_ScaleWeightsAndBias()
    {
        ModelWriter scaled = new ModelWriter(1, 1, 2).Flatten();
        scaled.Node("Gemm", [scaled.Last, scaled.Constant([2, 1], [1, 2]), scaled.Constant([1], [3])], ModelWriter.Float("alpha", 2), ModelWriter.Float("beta", -1));
        ModelWriter plain = new ModelWriter(1, 1, 2).Flatten();
        plain.Node("Gemm", [plain.Last, plain.Constant([2, 1], [2, 4]), plain.Constant([1], [-3])]);

        AssertSame(plain, scaled);
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(-1, 24)]
    [InlineData(0, 24)]
    public void Import_ReshapeToVector_EqualsFlatten(long first, long second)
    {
        ModelWriter flatten = new ModelWriter(2, 3, 4).Relu().Flatten().Gemm(24, 3);
        ModelWriter reshape = new ModelWriter(2, 3, 4).Relu();
        reshape.Node("Reshape", [reshape.Last, reshape.Integers(first, second)]);
        reshape.Node("Gemm", [reshape.Last, Copy(flatten, reshape, 0), Copy(flatten, reshape, 1)], ModelWriter.Int("transB", 1));

        AssertSame(flatten, reshape);
    }

    [Fact]
    public void Import_ShapeArithmeticBeforeReshape_EqualsFlatten()
    {
        ModelWriter flatten = new ModelWriter(2, 3, 4).Relu().Flatten().Gemm(24, 3);
        ModelWriter reshape = new ModelWriter(2, 3, 4).Relu();
        string data = reshape.Last;
        string shape = reshape.Node("Shape", [data]).Last;
        string batch = reshape.Node("Gather", [shape, reshape.Integer(0)]).Node("Unsqueeze", [reshape.Last, reshape.Integers(0)]).Last;
        string height = reshape.Node("Slice", [shape, reshape.Integers(2), reshape.Integers(3)]).Node("Squeeze", [reshape.Last]).Last;
        string size = reshape.Node("Mul", [height, reshape.Integer(8)]).Node("Unsqueeze", [reshape.Last, reshape.Integers(0)]).Last;
        reshape.Node("Concat", [batch, size], ModelWriter.Int("axis", 0)).Node("Reshape", [data, reshape.Last]);
        reshape.Node("Gemm", [reshape.Last, Copy(flatten, reshape, 0), Copy(flatten, reshape, 1)], ModelWriter.Int("transB", 1));

        AssertSame(flatten, reshape);
    }

    [Fact]
    public void Import_BatchUsedAsNumber_IsRefused()
    {
        ModelWriter writer = new ModelWriter(2, 3, 4).Relu();
        writer.Node("Shape", ["input"]).Node("Add", [writer.Last, writer.Integer(1)]);

        Assert.Contains("computes with the batch size", Assert.Throws<ModelImportException>(() => writer.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_FilledAndTransposedWeights_EqualStoredOnes()
    {
        ModelWriter stored = new ModelWriter(1, 1, 4).Conv(1, 3, 1).Flatten();
        stored.Node("Gemm", [stored.Last, stored.Constant([12, 2], [.. Enumerable.Repeat(0.25f, 24)]), stored.Constant([2], [0.5f, -1])]);
        stored.Node("MatMul", [stored.Last, stored.Constant([2, 3], [1, 2, 3, 4, 5, 6])]);
        ModelWriter computed = new ModelWriter(1, 1, 4);
        computed.Node("Conv", ["input", Copy(stored, computed, 0), Copy(stored, computed, 1)]).Flatten();
        string data = computed.Last;
        var value = new TensorProto { DataType = 1 };
        value.FloatData.Add(0.25f);
        string filled = computed.Node("ConstantOfShape", [computed.Integers(12, 2)], new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = value }).Last;
        string sum = computed.Node("Add", [computed.Constant([2], [1, -0.5f]), computed.Constant([], [-0.5f])]).Last;
        data = computed.Node("Gemm", [data, filled, sum]).Last;
        computed.Node("Transpose", [computed.Constant([3, 2], [1, 4, 2, 5, 3, 6])]);
        computed.Node("MatMul", [data, computed.Last]);

        AssertSame(stored, computed);
    }

    [Fact]
    public void Import_FilledWeightsWithoutEnd_AreRefusedBeforeTheyAreMade()
    {
        ModelWriter writer = new ModelWriter(1, 4, 4);
        for (int i = 0; i < 6; i++)
        {
            string filled = writer.Node("ConstantOfShape", [writer.Integers(1, 1, 8000, 8000)]).Last;
            writer.Node("Conv", ["input", filled]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelImportException error = Assert.Throws<ModelImportException>(() => writer.Load());

        Assert.Contains("does not fit an input of 4", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Import_SplitChannelsReadElsewhere_SaysWhatReadsThem()
    {
        ModelWriter writer = new ModelWriter(4, 3, 3).Conv(4, 6, 1);
        writer.Node("Reshape", [writer.Last, writer.Integers(0, 2, 3, 3, 3)]).Relu();

        Assert.Contains(
            "[N, 2, 3, 3, 3], only Transpose and Reshape", Assert.Throws<ModelImportException>(() => writer.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_ReshapeThatMixesItems_IsRefused()
    {
        ModelWriter writer = new ModelWriter(2, 3, 4).Relu();
        writer.Node("Reshape", [writer.Last, writer.Integers(2, -1)]);

        Assert.Contains("torch.flatten", Assert.Throws<ModelImportException>(() => writer.Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_ClipAttributesOfOpset7_EqualInputs()
    {
        ModelWriter inputs = new ModelWriter(2, 3, 3);
        inputs.Node("Clip", ["input", inputs.Constant([], [-0.25f]), inputs.Constant([], [0.5f])]).Flatten().Gemm(18, 2);
        ModelWriter attributes = new ModelWriter(2, 3, 3, opset: 7)
            .Node("Clip", ["input"], ModelWriter.Float("min", -0.25f), ModelWriter.Float("max", 0.5f)).Flatten();
        attributes.Node("Gemm", [attributes.Last, Copy(inputs, attributes, 2), Copy(inputs, attributes, 3)], ModelWriter.Int("transB", 1));

        AssertSame(inputs, attributes);
    }

    [Fact]
    public void Import_PadBeforeConvolution_EqualsPaddedConvolution()
    {
        ModelWriter inside = new ModelWriter(2, 5, 5).Conv(2, 4, 3, pads: [1, 0, 0, 2]).Flatten().Gemm(4 * 4 * 5, 2);
        ModelWriter before = new ModelWriter(2, 5, 5);
        before.Node("Pad", ["input", before.Integers(0, 0, 1, 0, 0, 0, 0, 2)]).Conv(2, 4, 3).Flatten().Gemm(4 * 4 * 5, 2);

        AssertSame(inside, before);
    }

    [Theory]
    [InlineData("SAME_UPPER", new[] { 0, 0, 1, 1 })]
    [InlineData("SAME_LOWER", new[] { 1, 1, 0, 0 })]
    public void Import_AutoPad_EqualsExplicitPadding(string autoPad, int[] pads)
    {
        ModelWriter explicitly = new ModelWriter(2, 6, 6).Conv(2, 4, 3, stride: 2, pads: pads).Flatten().Gemm(36, 2);
        ModelWriter automatic = new ModelWriter(2, 6, 6).Conv(2, 4, 3, stride: 2).Flatten().Gemm(36, 2);
        automatic.Model.Graph.Node[0].Attribute.Add(ModelWriter.Text("auto_pad", autoPad));

        AssertSame(explicitly, automatic);
    }

    [Fact]
    public void Import_NamesWithoutEffect_AreSeenThrough()
    {
        ModelWriter plain = new ModelWriter(1, 4, 4).Conv(1, 3, 2).Flatten().Gemm(27, 2);
        ModelWriter wrapped = new ModelWriter(1, 4, 4).Node("Identity", ["input"]);
        wrapped.Node("Dropout", [wrapped.Last]);
        string data = wrapped.Last;
        TensorProto weights = plain.Model.Graph.Initializer[0].Clone();
        weights.DataType = 11;
        weights.DoubleData.AddRange(weights.FloatData.Select(value => (double)value));
        weights.FloatData.Clear();
        wrapped.Node("Constant", [], new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = weights });
        wrapped.Node("Cast", [wrapped.Last], ModelWriter.Int("to", 1));
        wrapped.Node("Conv", [data, wrapped.Last, Copy(plain, wrapped, 1)]).Flatten();
        wrapped.Node("Gemm", [wrapped.Last, Copy(plain, wrapped, 2), Copy(plain, wrapped, 3)], ModelWriter.Int("transB", 1));

        AssertSame(plain, wrapped);
    }

    [Fact]
    public void Import_RawDataAndHalfPrecision_AreRead()
    {
        ModelWriter plain = new ModelWriter(1, 1, 2).Flatten();
        plain.Node("Gemm", [plain.Last, plain.Constant([2, 1], [0.5f, -2]), plain.Constant([1], [3])]);
        ModelWriter raw = new ModelWriter(1, 1, 2).Flatten();
        raw.Node("Gemm", [raw.Last, raw.Constant([2, 1], [0, 0]), raw.Constant([1], [0])]);
        TensorProto weights = raw.Model.Graph.Initializer[0];
        weights.FloatData.Clear();
        weights.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(-2f)]);
        TensorProto bias = raw.Model.Graph.Initializer[1];
        bias.FloatData.Clear();
        bias.DataType = 10;
        bias.RawData = ByteString.CopyFrom(BitConverter.GetBytes((Half)3));

        AssertSame(plain, raw);
    }

    [Fact]
    public void Import_CeilingPool_KeepsPartialWindow()
    {
        OnnxNetwork network = new ModelWriter(1, 1, 5).Pool("MaxPool", 1, 2, ModelWriter.Int("ceil_mode", 1)).Flatten().Gemm(3, 1).Load();
        OnnxNetwork partial = new ModelWriter(1, 4, 4).Pool("AveragePool", 3, 2, ModelWriter.Int("ceil_mode", 1)).Flatten().Gemm(4, 1).Load();
        float[] logits = new float[1];
        float[] image = [1, 1, 1, 8, 1, 1, 1, 8, 1, 1, 1, 8, 3, 3, 3, 7];
        float[] w = partial.AnalogNodes[0].Weights.ToArray();

        partial.Forward(image, 1, logits);

        Assert.Equal(3, network.AnalogNodes[0].DotLength);
        float bias = ((ProductOperation)partial.Graph.Nodes[^1].Operation).Bias[0];
        // Windows: nine ones; the right edge, 2 x 3; the bottom edge, 3 x 2; the corner, 2 x 2. Divisors count real pixels.
        Assert.Equal(w[0] + w[1] * 27 / 6 + w[2] * 12 / 6 + w[3] * 19 / 4 + bias, logits[0], 1e-5f);
    }

    [Fact]
    public void Import_UnusedNodes_AreDropped()
    {
        ModelWriter writer = new ModelWriter(1, 4, 4).Conv(1, 3, 2);
        string used = writer.Last;
        writer.Conv(3, 2, 1).From(used).Flatten().Gemm(27, 2);

        OnnxNetwork network = writer.Load();

        Assert.Equal(["Conv", "Gemm"], network.AnalogNodes.Select(node => node.Operator));
        Assert.Equal([0, 1], network.AnalogNodes.Select(node => node.Index));
    }

    [Fact]
    public void Import_Resnet_FusesEverySumAndClamp()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet);

        Assert.Equal(
            [nameof(ProductOperation), nameof(PoolOperation), nameof(FlattenOperation)],
            network.Graph.Nodes.Select(node => node.Operation.GetType().Name).Distinct());
        Assert.Equal("fashion-resnet", network.Name);
        Assert.Equal("a77fbfeaf7ed7befd7cc2176090cae7f3131643e83e80a6dceb92bec79cb9eae", network.Sha256);
    }

    [Fact]
    public void Import_RepeatedNodeNames_AreToldApart()
    {
        ModelWriter writer = new ModelWriter(1, 4, 4).Conv(1, 3, 2).Conv(3, 2, 1).Flatten().Gemm(18, 2);
        writer.Model.Graph.Node[1].Name = writer.Model.Graph.Node[0].Name;

        Assert.Equal(3, writer.Load().AnalogNodes.Select(node => node.Name).Distinct().Count());
    }

    private static string Copy(ModelWriter from, ModelWriter to, int index)
    {
        TensorProto tensor = from.Model.Graph.Initializer[index];
        return to.Constant([.. tensor.Dims.Select(dim => (int)dim)], [.. tensor.FloatData]);
    }

    private static OnnxNetwork AssertSame(ModelWriter expected, ModelWriter actual)
    {
        OnnxNetwork first = expected.Load();
        OnnxNetwork second = actual.Load();
        float[] images = ModelWriter.Images(first, 3);
        float[] one = new float[3 * first.Classes];
        float[] two = new float[3 * second.Classes];
        first.Forward(images, 3, one);
        second.Forward(images, 3, two);
        Assert.Equal(one, two);
        Assert.Contains(one, value => value != 0);
        return second;
    }
}
