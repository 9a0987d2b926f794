using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Text;

/// <summary>
/// Attention whose queries, keys and values come from one product, as vision transformers are exported; compared with three products of the same weights.
/// </summary>
public sealed class FusedProjectionTests
{
    private const int Width = 8;

    [Theory]
    [InlineData("gather")]
    [InlineData("split")]
    [InlineData("gather in place")]
    public void Forward_FusedProjection_EqualsThreeProducts(string form)
    {
        OnnxNetwork fused = Network(form).Load();
        OnnxNetwork apart = Network("apart").Load();
        float[] images = ModelWriter.Images(fused, 3);
        (float[] a, float[] b) = (new float[9], new float[9]);

        fused.Forward(images, 3, a);
        apart.Forward(images, 3, b);

        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.NotEqual(a[..3], a[3..6]);
        Assert.Equal(2, fused.AnalogNodes.Count(node => node.Operands == ProductOperands.TwoActivations));
        Assert.Equal(apart.AnalogNodes.Sum(node => node.Macs), fused.AnalogNodes.Sum(node => node.Macs));
    }

    // The same noisy weights, so that gradients pass the picked parts back to the one product.
    [Fact]
    public void Differentiate_FusedProjection_SumsToThoseOfThreeProducts()
    {
        OnnxNetwork fused = Network("gather").Load();
        OnnxNetwork apart = Network("apart").Load();
        float[] images = ModelWriter.Images(fused, 3);
        double[][] Sensitivity(OnnxNetwork network) => network.Differentiate(
            images, 3, (_, _, gradient) => gradient.Fill(1), null, [.. network.AnalogNodes.Select(node => Laws.Constant(node, 1))]).Sensitivity;

        double[] one = Sensitivity(fused)[0];
        double[][] three = Sensitivity(apart);

        Assert.Equal(3 * Width, one.Length);
        double[] expected = [.. three[0], .. three[1], .. three[2]];
        Assert.All(one.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * expected.Max()));
    }

    [Fact]
    public void Parse_OtherUseOfSplitTensor_IsRefusedWithItsShape()
    {
        ModelWriter w = Tokens.Writer(6, Width);
        w.Node("Reshape", ["input", w.Integers(0, 0, 2, 2, 2)]).Node("Relu", [w.Last]);

        ModelImportException error = Assert.Throws<ModelImportException>(() => w.Load());

        Assert.Contains("has shape [N, 6, 2, 2, 2], only Transpose, Gather, Split and Squeeze read such values", error.Message, StringComparison.Ordinal);
    }

    private static ModelWriter Network(string form)
    {
        ModelWriter w = Tokens.Writer(6, Width);
        float[] weights = [.. Enumerable.Range(0, Width * 3 * Width).Select(i => MathF.Sin(1 + 1.7f * i) * 0.6f)];
        string[] parts = form == "apart"
            ? [.. Enumerable.Range(0, 3).Select(part => Heads(w, w.Node("MatMul", ["input", w.Constant([Width, Width], Part(weights, part))]).Last))]
            : Picked(w, w.Node("MatMul", ["input", w.Constant([Width, 3 * Width], weights)]).Last, form);
        string keys = w.Node("Transpose", [parts[1]], ModelWriter.Ints("perm", 0, 1, 3, 2)).Last;
        w.Node("MatMul", [parts[0], keys]).Node("Softmax", [w.Last], ModelWriter.Int("axis", -1)).Node("MatMul", [w.Last, parts[2]]);
        w.Node("Transpose", [w.Last], ModelWriter.Ints("perm", 0, 2, 1, 3)).Node("Reshape", [w.Last, w.Integers(0, 0, Width)]);
        return w.Node("Gather", [w.Last, w.Integer(0)], ModelWriter.Int("axis", 1)).Gemm(Width, 3);
    }

    // [N, tokens, 3 x heads x width] to three of [N, heads, tokens, width].
    private static string[] Picked(ModelWriter w, string joint, string form)
    {
        string split = w.Node("Reshape", [joint, w.Integers(0, 0, 3, 2, Width / 2)]).Last;
        if (form == "gather in place")
        {
            return [.. Enumerable.Range(0, 3).Select(part => w.Node("Gather", [split, w.Integer(part)], ModelWriter.Int("axis", 2))
                .Node("Transpose", [w.Last], ModelWriter.Ints("perm", 0, 2, 1, 3)).Last)];
        }

        string moved = w.Node("Transpose", [split], ModelWriter.Ints("perm", 2, 0, 3, 1, 4)).Last;
        if (form == "gather")
        {
            return [.. Enumerable.Range(0, 3).Select(part => w.Node("Gather", [moved, w.Integer(part)], ModelWriter.Int("axis", 0)).Last)];
        }

        string[] outputs = w.Node("Split", [moved, w.Integers(1, 1, 1)], ModelWriter.Int("axis", 0)).More(2);
        return [.. outputs.Select(part => w.Node("Squeeze", [part, w.Integers(0)]).Last)];
    }

    private static string Heads(ModelWriter w, string input) =>
        w.Node("Reshape", [input, w.Integers(0, 0, 2, Width / 2)]).Node("Transpose", [w.Last], ModelWriter.Ints("perm", 0, 2, 1, 3)).Last;

    private static float[] Part(float[] weights, int part) =>
        [.. Enumerable.Range(0, Width).SelectMany(row => weights.AsSpan(row * 3 * Width + part * Width, Width).ToArray())];
}
