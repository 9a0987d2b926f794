namespace AnalogHil.Engine.Tests.Onnx;

public sealed class PoolTests
{
    [Theory]
    [InlineData("MaxPool", 2, 2, false)]
    [InlineData("MaxPool", 1, 3, false)]
    [InlineData("AveragePool", 2, 2, false)]
    [InlineData("AveragePool", 2, 2, true)]
    [InlineData("AveragePool", 1, 1, true)]
    public void Forward_PoolWithTapsApart_EqualsReference(string kind, int apart, int stride, bool countsPadding)
    {
        ModelWriter writer = Pooled(kind, apart, stride, 7, 9, countsPadding);
        int span = 2 * apart + 1;
        OnnxNetwork network = writer.Flatten().Gemm(2 * ((7 + 4 - span) / stride + 1) * ((9 + 3 - span) / stride + 1), 3).Load();
        float[] images = ModelWriter.Images(network, 2);
        float[] logits = new float[6];

        network.Forward(images, 2, logits);

        var reference = new ReferenceNetwork(writer.Model);
        for (int image = 0; image < 2; image++)
        {
            double[] expected = reference.Run(images.AsSpan(image * network.InputShape.Size, network.InputShape.Size));
            Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(expected[c], logits[3 * image + c], 1e-5));
        }
    }

    // Of two lines, numbered 0 and 1, the window with taps at -1 and 2 would see neither.
    [Fact]
    public void Parse_TapsThatStepOverTheMap_AreRefused()
    {
        ModelWriter writer = new ModelWriter(1, 2, 9).Pool("MaxPool", 2, 1, ModelWriter.Ints("dilations", 3, 3), ModelWriter.Ints("pads", 2, 0, 2, 0)).Flatten().Gemm(3 * 6, 2);

        ModelImportException error = Assert.Throws<ModelImportException>(() => writer.Load());

        Assert.Contains("taps 3 pixels apart step over an input of 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_PoolWhoseIndicesAreRead_SaysTheyAreNotComputed()
    {
        ModelWriter writer = Pooled("MaxPool", 1, 1, 6, 6, false);
        string indices = writer.More(1)[1];
        OnnxNetwork unread = Pooled("MaxPool", 1, 1, 6, 6, false).Flatten().Gemm(2 * 8 * 7, 2).Load();
        writer.From(indices).Flatten().Gemm(2 * 8 * 7, 2);

        ModelImportException error = Assert.Throws<ModelImportException>(() => writer.Load());

        Assert.Equal(2, unread.Classes);
        Assert.Contains($"'{indices}' is a further output of node 'maxpool", error.Message, StringComparison.Ordinal);
    }

    private static ModelWriter Pooled(string kind, int apart, int stride, int height, int width, bool countsPadding)
    {
        ModelWriter writer = new ModelWriter(2, height, width).Pool(kind, 3, stride, ModelWriter.Ints("dilations", apart, apart), ModelWriter.Ints("pads", 2, 1, 2, 2));
        if (countsPadding)
        {
            writer.Model.Graph.Node[^1].Attribute.Add(ModelWriter.Int("count_include_pad", 1));
        }

        return writer;
    }
}
