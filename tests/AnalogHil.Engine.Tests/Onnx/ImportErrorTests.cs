using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Tests.Onnx;

public sealed class ImportErrorTests
{
    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        ModelImportException error = Assert.Throws<ModelImportException>(() => OnnxNetwork.Load("/nowhere/model.onnx"));

        Assert.Contains("/nowhere/model.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_UnsupportedOperator_NamesNodeOperatorOpsetAndRemedy()
    {
        ModelWriter writer = Small();
        writer.Node("Softplus", [writer.Last]);

        Expect(writer, "softplus", "operator Softplus (opset 13) is not supported", "Div, Dropout, Equal, Erf", "replace the operator");
    }

    [Fact]
    public void Parse_ForeignDomain_NamesIt()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Node[1].Domain = "com.microsoft";

        Expect(writer, "com.microsoft.Relu");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(99)]
    public void Parse_UnsupportedOpset_NamesRange(long opset) =>
        Expect(Small(opset), $"operator Conv of opset {opset}", "opsets 7 to 22", "opset_version=13");

    [Fact]
    public void Parse_UnknownAttribute_NamesIt()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Node[0].Attribute.Add(ModelWriter.Int("novel", 1));

        Expect(writer, "attribute 'novel' is not supported");
    }

    [Fact]
    public void Parse_Cycle_NamesNodeAndValue()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Node[0].Input[0] = writer.Last;

        Expect(writer, "conv", writer.Last, "cycle");
    }

    [Fact]
    public void Parse_ExternalData_SaysHowToEmbed()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;

        Expect(writer, "external data", "one file");
    }

    [Fact]
    public void Parse_WeightsCutShort_SaysHowManyAreMissing()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Initializer[0].FloatData.RemoveAt(0);

        Expect(writer, "needs 54 values, 53 are stored");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 40)]
    public void Parse_AbsurdWeightDimension_IsRefused(long dim)
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Initializer[0].Dims[0] = dim;

        Expect(writer, $"dimension 0 is {dim}");
    }

    [Fact]
    public void Parse_WeightsOfOtherChannels_SaysWhatFits()
    {
        ModelWriter writer = new ModelWriter(2, 6, 6).Conv(3, 3, 3).Flatten().Gemm(48, 2);

        Expect(writer, "do not fit 2 input channels");
    }

    [Fact]
    public void Parse_NonFiniteWeight_NamesTensor()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Initializer[0].FloatData[7] = float.NaN;

        Expect(writer, "value 7 is NaN");
    }

    [Theory]
    [InlineData("dilations", 0, "'dilations' holds 0")]
    [InlineData("dilations", 4, "a kernel of 9 does not fit an input of 6")]
    [InlineData("strides", 0, "'strides' holds 0")]
    [InlineData("pads", 3, "padding 3 and 3 reaches or exceeds the kernel's 3 taps")]
    [InlineData("kernel_shape", 5, "kernel_shape [5, 5] contradicts weights")]
    public void Parse_BadWindow_NamesAttribute(string attribute, int value, string expected)
    {
        ModelWriter writer = Small();
        AttributeProto? found = writer.Model.Graph.Node[0].Attribute.FirstOrDefault(a => a.Name == attribute);
        writer.Model.Graph.Node[0].Attribute.Remove(found ?? new AttributeProto());
        writer.Model.Graph.Node[0].Attribute.Add(ModelWriter.Ints(attribute, attribute == "pads" ? [value, value, value, value] : [value, value]));

        Expect(writer, expected);
    }

    [Fact]
    public void Parse_KernelLargerThanInput_SaysSo() =>
        Expect(new ModelWriter(1, 4, 4).Conv(1, 2, 5).Flatten().Gemm(1, 2), "a kernel of 5 does not fit an input of 4");

    [Fact]
    public void Parse_EnormousActivation_IsRefused()
    {
        // A million channels of a 1 x 1 convolution over a map of a million pixels: small file, huge activation.
        ModelWriter writer = new ModelWriter(1, 1024, 1024).Conv(1, 100, 1).Flatten().Gemm(1, 2);

        Expect(writer, "one item at most");
    }

    [Fact]
    public void Parse_ManyLargeActivations_AreRefused()
    {
        ModelWriter writer = new ModelWriter(1, 1024, 1024).Conv(1, 60, 1);
        var branches = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            branches.Add(writer.From("input").Conv(1, 60, 1).Last);
        }

        writer.From(branches[0]);
        foreach (string branch in branches.Skip(1).Reverse())
        {
            writer.Node("Add", [branch, writer.Last]);
        }

        writer.Node("GlobalAveragePool", [writer.Last]).Flatten().Gemm(60, 2);

        Expect(writer, "working memory for one image");
    }

    [Fact]
    public void Parse_DynamicImageSize_AsksForFixed()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Input[0].Type.TensorType.Shape.Dim[2] = new TensorShapeProto.Types.Dimension { DimParam = "H" };

        Expect(writer, "[N, 2, H, 6]", "fixed C, H and W");
    }

    [Fact]
    public void Parse_TwoOutputs_NamesThem()
    {
        ModelWriter writer = Small();
        writer.Model.Graph.Output.Add(new ValueInfoProto { Name = writer.Last });
        writer.Model.Graph.Output.Add(new ValueInfoProto { Name = "aux" });

        Expect(writer, "2 outputs", "'aux'");
    }

    [Fact]
    public void Parse_OutputThatIsAMap_IsRefused() => Expect(new ModelWriter(1, 4, 4).Conv(1, 2, 3), "logits [N, classes] are needed");

    [Fact]
    public void Parse_NoAnalogProduct_IsRefused() => Expect(new ModelWriter(1, 4, 4).Relu().Flatten(), "no convolution or fully connected layer");

    [Fact]
    public void Parse_Empty_IsRefused() => Assert.Throws<ModelImportException>(() => OnnxNetwork.Parse("empty", []));

    private static ModelWriter Small(long opset = 13) =>
        new ModelWriter(2, 6, 6, opset: opset).Conv(2, 3, 3, bias: false).Relu().Flatten().Gemm(48, 2);

    private static void Expect(ModelWriter writer, params string[] parts)
    {
        ModelImportException error = Assert.Throws<ModelImportException>(() => writer.Load());
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
