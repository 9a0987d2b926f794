using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;
using static AnalogHil.Engine.Tests.Onnx.ModelWriter;

namespace AnalogHil.Engine.Tests.Text;

/// <summary>Operators on tokens, heads and feature maps against what ONNX defines, computed here.</summary>
public sealed class OperatorTests
{
    // Value (i, j) of three tokens of width four; (c, y, x) of two channels of three by four pixels.
    private static float T(int i, int j) => 0.1f * (4 * i + j + 1);

    private static float M(int c, int y, int x) => 0.1f * (12 * c + 4 * y + x + 1);

    [Fact]
    public void Transpose_Tokens_SwapsDimensions() => Check(
        [.. Grid(4, 3, (j, i) => T(i, j))], w => w.Node("Transpose", ["input"], Ints("perm", 0, 2, 1)), 3, 4);

    [Fact]
    public void Transpose_MapToLast_MovesChannels() => Check(
        [.. Cube(3, 4, 2, (y, x, c) => M(c, y, x))], w => w.Node("Transpose", ["input"], Ints("perm", 0, 2, 3, 1)), 2, 3, 4);

    [Fact]
    public void Transpose_ThereAndBackIntoConv_EqualsConv()
    {
        ModelWriter plain = new ModelWriter(2, 3, 4).Conv(2, 3, 2).Flatten().Gemm(18, 2);
        ModelWriter turned = new ModelWriter(2, 3, 4);
        turned.Node("Transpose", ["input"], Ints("perm", 0, 2, 3, 1)).Node("Transpose", [turned.Last], Ints("perm", 0, 3, 1, 2));
        turned.Conv(2, 3, 2).Flatten().Gemm(18, 2);
        OnnxNetwork a = plain.Load();
        OnnxNetwork b = turned.Load();
        float[] images = Images(a, 2);
        (float[] x, float[] y) = (new float[4], new float[4]);

        a.Forward(images, 2, x);
        b.Forward(images, 2, y);

        Assert.Equal(x, y);
    }

    [Fact]
    public void Reshape_TokensToHeads_SplitsWidth() => Check(
        [.. Cube(2, 3, 2, (h, i, d) => T(i, 2 * h + d))],
        w => w.Node("Reshape", ["input", w.Integers(0, 3, 2, -1)]).Node("Transpose", [w.Last], Ints("perm", 0, 2, 1, 3)), 3, 4);

    [Fact]
    public void Reshape_MapToTokens_KeepsOnnxOrder() => Check(
        [.. Grid(12, 2, (p, c) => M(c, p / 4, p % 4))],
        w => w.Node("Reshape", ["input", w.Integers(0, 2, 12)]).Node("Transpose", [w.Last], Ints("perm", 0, 2, 1)), 2, 3, 4);

    [Fact]
    public void Slice_SpatialWithStepsAndBackwards_Picks() => Check(
        [.. Cube(2, 2, 3, (c, y, x) => M(c, 1 + y, 3 - x))],
        w => w.Node("Slice", ["input", w.Integers(1, -1), w.Integers(3, 0), w.Integers(2, 3), w.Integers(1, -1)]), 2, 3, 4);

    [Fact]
    public void Slice_BackwardsToTheFirst_Picks() => Check(
        [.. Grid(3, 2, (i, j) => T(i, 2 - 2 * j))],
        w => w.Node("Slice", ["input", w.Integers(2), w.Integers(-100), w.Integers(2), w.Integers(-2)]), 3, 4);

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Concat_MapOffChannels_Appends(int axis)
    {
        bool rows = axis == 2;
        Check(
            rows ? [.. Cube(2, 6, 4, (c, y, x) => y < 3 ? M(c, y, x) : M(c, y - 3, x) / 2)] : [.. Cube(2, 3, 8, (c, y, x) => x < 4 ? M(c, y, x) : M(c, y, x - 4) / 2)],
            w => w.Node("Concat", ["input", w.Node("Div", ["input", w.Constant([], [2f])]).Last], Int("axis", axis)), 2, 3, 4);
    }

    [Fact]
    public void Concat_ConstantToken_IsTheSameForEveryItem() => Check(
        [7, 8, 9, 6, .. Grid(3, 4, T)], w => w.Node("Concat", [w.Constant([1, 1, 4], [7, 8, 9, 6]), "input"], Int("axis", 1)), 3, 4);

    [Fact]
    public void Gather_SingleToken_DropsDimension() => Check(
        [.. Enumerable.Range(0, 4).Select(j => T(2, j))], w => w.Node("Gather", ["input", w.Integer(-1)], Int("axis", 1)), 3, 4);

    [Fact]
    public void Gather_SinglePixelRowOfMap_DropsDimension() => Check(
        [.. Grid(2, 4, (c, x) => M(c, 1, x))], w => w.Node("Gather", ["input", w.Integer(1)], Int("axis", 2)), 2, 3, 4);

    [Fact]
    public void Gather_ListOfTokens_PicksAndRepeats() => Check(
        [.. Grid(3, 4, (i, j) => T(i == 1 ? 0 : 2, j))], w => w.Node("Gather", ["input", w.Integers(2, 0, 2)], Int("axis", 1)), 3, 4);

    [Fact]
    public void Split_Tokens_SharesThemOut()
    {
        ModelWriter w = Tokens.Writer(3, 4);
        string[] parts = w.Node("Split", ["input", w.Integers(1, 2)], Int("axis", 1)).More(1);
        w.Node("Add", [parts[0], parts[1]]);

        Near([.. Grid(2, 4, (i, j) => T(0, j) + T(i + 1, j))], Tokens.Run(w, 8));
    }

    [Theory]
    [InlineData("Sub")]
    [InlineData("Div")]
    [InlineData("Mul")]
    [InlineData("Add")]
    public void Arithmetic_TokensWithTheirMean_Broadcasts(string op)
    {
        float Mean(int i) => 0.1f * (4 * i + 2.5f);
        float Of(float a, float b) => op switch { "Sub" => a - b, "Div" => a / b, "Mul" => a * b, _ => a + b };
        Check([.. Grid(3, 4, (i, j) => Of(T(i, j), Mean(i)))], w => w.Node(op, ["input", w.Node("ReduceMean", ["input"], Ints("axes", -1)).Last]), 3, 4);
    }

    [Fact]
    public void Arithmetic_RowTimesColumn_BroadcastsBoth() => Check(
        [.. Grid(3, 4, (i, j) => (T(0, j) + T(1, j) + T(2, j)) / 3 * (T(i, 0) + T(i, 1) + T(i, 2) + T(i, 3)) / 4)],
        w => w.Node("Mul", [w.Node("ReduceMean", ["input"], Ints("axes", 1)).Last, w.Node("ReduceMean", ["input"], Ints("axes", 2)).Last]), 3, 4);

    [Fact]
    public void Arithmetic_ConstantOverActivation_Divides() => Check(
        [.. Grid(3, 4, (i, j) => 2 / T(i, j))], w => w.Node("Div", [w.Constant([], [2f]), "input"]), 3, 4);

    [Fact]
    public void Arithmetic_ConstantOfEveryPixel_IsAddedInPlace() => Check(
        [.. Cube(2, 3, 4, (c, y, x) => M(c, y, x) + 100 * c + 10 * y + x)],
        w => w.Node("Add", [w.Constant([1, 2, 3, 4], [.. Cube(2, 3, 4, (c, y, x) => 100f * c + 10 * y + x)]), "input"]), 2, 3, 4);

    [Fact]
    public void Arithmetic_DifferentRanks_AreRefused()
    {
        ModelWriter w = Tokens.Writer(3, 4);
        w.Node("Add", ["input", w.Node("Gather", ["input", w.Integer(0)], Int("axis", 1)).Last]);

        Refused(w, "add", "opset 17", "different numbers of dimensions", "unsqueeze");
    }

    [Fact]
    public void Softmax_Tokens_NormalisesEach() => Check(
        [.. Grid(3, 4, (i, j) => MathF.Exp(T(i, j)) / Enumerable.Range(0, 4).Sum(k => MathF.Exp(T(i, k))))], w => w.Node("Softmax", ["input"], Int("axis", -1)), 3, 4);

    [Fact]
    public void LayerNormalization_OperatorAndPattern_AreTheSame()
    {
        float[] input = [.. Enumerable.Range(0, 12).Select(i => MathF.Sin(5 * i) + 3)];
        ModelWriter pattern = Tokens.Writer(3, 4);
        Tokens.Norm(pattern, "input", 4);
        ModelWriter single = Tokens.Writer(3, 4);
        (string scale, string shift) = (single.Constant([4], 0.3f, 1), single.Constant([4], 0.3f));
        Copy(pattern, 2, single, 0);
        Copy(pattern, 3, single, 1);
        single.Node("LayerNormalization", ["input", scale, shift], Float("epsilon", 1e-5f));
        (float[] gamma, float[] beta) = ([.. single.Model.Graph.Initializer[0].FloatData], [.. single.Model.Graph.Initializer[1].FloatData]);
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(i =>
        {
            float[] token = input[(4 * i)..(4 * i + 4)];
            double mean = token.Average();
            double deviation = Math.Sqrt(token.Average(v => (v - mean) * (v - mean)) + 1e-5);
            return token.Select((v, j) => (float)((v - mean) / deviation * gamma[j] + beta[j]));
        })];

        Near(expected, Tokens.Run(single, 12, input));
        Near(expected, Tokens.Run(pattern, 12, input));
    }

    [Fact]
    public void Gelu_Tanh_IsItsFormula()
    {
        double Unit(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        float[] input = [-3, -1.5f, -0.2f, 0, 0.7f, 2.5f];
        ModelWriter w = Tokens.Writer(20, ("input", 1, [6]));
        w.Node("Gelu", ["input"], ModelWriter.Text("approximate", "tanh"));

        float[] actual = Tokens.Run(w, 6, input);

        Assert.All(input.Zip(actual), pair => Assert.Equal(Unit(pair.First), pair.Second, 1e-6));
    }

    [Fact]
    public void Differentiate_GeluTanh_EqualsFiniteDifference()
    {
        const double Step = 0.05;
        ModelWriter w = Tokens.Writer(20, ("input", 1, [6]));
        OnnxNetwork network = w.Gemm(6, 5).Node("Gelu", [w.Last], ModelWriter.Text("approximate", "tanh")).Gemm(5, 3).Load();
        float[] rows = ModelWriter.Images(network, 40);
        NoiseInjection Noise(double logEnergy) => new(
            3, [new NodeNoise(Laws.Constant(network.AnalogNodes[0], (float)(0.25 * Math.Exp(-logEnergy)))), null]);
        double Loss(double logEnergy)
        {
            float[] logits = new float[3 * 40];
            network.Forward(rows, 40, logits, Noise(logEnergy));
            return logits.Sum(x => (double)x);
        }

        double gradient = network.Differentiate(rows, 40, (_, _, g) => g.Fill(1), Noise(0), null).LogEnergy[0].Sum();

        Assert.True(Math.Abs(gradient) > 0.01);
        Assert.Equal((Loss(Step) - Loss(-Step)) / (2 * Step), gradient, 0.002 * Math.Abs(gradient) + 1e-4);
    }

    [Fact]
    public void Gelu_OperatorAndPatterns_AreTheSame()
    {
        float[] input = [.. Enumerable.Range(0, 12).Select(i => 0.7f * (i - 6))];
        float[] expected = [.. input.Select(x => (float)(x * MathNet.Numerics.Distributions.Normal.CDF(0, 1, x)))];
        ModelWriter behind = Tokens.Writer(3, 4);
        Tokens.Gelu(behind, "input");
        ModelWriter before = Tokens.Writer(3, 4);
        string half = before.Node("Mul", ["input", before.Constant([], [0.5f])]).Last;
        before.Node("Mul", [half, before.Node("Div", ["input", before.Constant([], [MathF.Sqrt(2)])]).Node("Erf", [before.Last]).Node("Add", [before.Last, before.Constant([], [1f])]).Last]);
        ModelWriter single = Tokens.Writer(20, ("input", 1, [3, 4]));
        single.Node("Gelu", ["input"]);

        Near(expected, Tokens.Run(behind, 12, input));
        Near(expected, Tokens.Run(before, 12, input));
        Near(expected, Tokens.Run(single, 12, input));
    }

    [Fact]
    public void Where_Mask_ChoosesExactly()
    {
        ModelWriter w = Tokens.Writer(17, ("input", 1, [3, 4]), ("mask", 7, [4]));
        string hidden = w.Node("Unsqueeze", [w.Node("Equal", ["mask", w.Constant([], [0f])]).Last, w.Integers(1)]).Last;
        ImportedBool(w, hidden);
        w.Node("Where", [w.Last, w.Constant([], [float.MinValue]), "input"]);

        Assert.Equal([.. Grid(3, 4, (i, j) => j == 2 ? float.MinValue : T(i, j))], Tokens.Run(w, 12, [.. Tokens.Ramp(12), 1, 1, 0, 5]));
    }

    [Fact]
    public void Where_NoComparison_IsRefused()
    {
        ModelWriter w = Tokens.Writer(3, 4);
        w.Node("Where", ["input", w.Constant([], [1f]), "input"]);

        Refused(w, "where", "no comparison and no cast to bool");
    }

    [Fact]
    public void Expand_Mean_RepeatsIt() => Check(
        [.. Grid(3, 4, (_, j) => (T(0, j) + T(1, j) + T(2, j)) / 3)],
        w => w.Node("Expand", [w.Node("ReduceMean", ["input"], Ints("axes", 1)).Last, w.Integers(1, 3, 1)]), 3, 4);

    [Fact]
    public void SqueezeAndUnsqueeze_Tokens_AddAndDropOnes() => Check(
        [.. Grid(3, 4, T)], w => w.Node("Unsqueeze", ["input", w.Integers(2)]).Node("Squeeze", [w.Last, w.Integers(-2)]), 3, 4);

    [Fact]
    public void Reshape_FiveDimensionsOfItem_NamesNodeOpsetAndRemedy()
    {
        ModelWriter w = Tokens.Writer(3, 4);
        w.Node("Reshape", ["input", w.Integers(0, 3, 1, 2, 2, 1)]);

        Refused(w, "reshape", "opset 17", "5 dimensions besides the batch", "keep tokens as");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Conv_Dilated_EqualsKernelWithZerosBetween(int groups)
    {
        ModelWriter dilated = new ModelWriter(2, 7, 8).Conv(2, 4, 3, stride: 2, pads: [2, 1, 0, 2], groups: groups);
        dilated.Model.Graph.Node[0].Attribute.Add(Ints("dilations", 2, 2));
        dilated.Relu().Flatten().Gemm(4 * 3 * 4, 2);
        var kernel = dilated.Model.Graph.Initializer[0];
        ModelWriter spread = new ModelWriter(2, 7, 8).Conv(2, 4, 5, stride: 2, pads: [2, 1, 0, 2], groups: groups).Relu().Flatten().Gemm(4 * 3 * 4, 2);
        for (int i = 0; i < spread.Model.Graph.Initializer.Count; i++)
        {
            spread.Model.Graph.Initializer[i].FloatData.Clear();
            spread.Model.Graph.Initializer[i].FloatData.AddRange(i > 0 ? dilated.Model.Graph.Initializer[i].FloatData : Enumerable.Range(0, 4 * 2 / groups * 25).Select(at =>
            {
                (int filter, int y, int x) = (at / 25, at % 25 / 5, at % 5);
                return y % 2 == 0 && x % 2 == 0 ? kernel.FloatData[filter * 9 + y / 2 * 3 + x / 2] : 0;
            }));
        }

        OnnxNetwork a = dilated.Load();
        OnnxNetwork b = spread.Load();
        float[] images = Images(a, 3);
        (float[] x, float[] y) = (new float[6], new float[6]);
        a.Forward(images, 3, x);
        b.Forward(images, 3, y);
        NetworkGradients first = Sensitivity(a, images);
        NetworkGradients second = Sensitivity(b, images);

        Near(y, x);
        Assert.Equal((9 * 2 / groups, 12), (a.AnalogNodes[0].DotLength, a.AnalogNodes[0].Positions));
        for (int c = 0; c < 4; c++)
        {
            Assert.Equal(second.Sensitivity[0][c], first.Sensitivity[0][c], 1e-5 * second.Sensitivity[0][c]);
        }
    }

    private static NetworkGradients Sensitivity(OnnxNetwork network, float[] images) => network.Differentiate(
        images, 3, (_, _, gradient) => gradient.Fill(1), null, [.. network.AnalogNodes.Select(node => Noise.Laws.Constant(node, 1))]);

    private static void ImportedBool(ModelWriter w, string value) => w.Node("Cast", [value], Int("to", 9));

    private static void Copy(ModelWriter from, int at, ModelWriter to, int place)
    {
        to.Model.Graph.Initializer[place].FloatData.Clear();
        to.Model.Graph.Initializer[place].FloatData.AddRange(from.Model.Graph.Initializer[at].FloatData);
    }

    private static void Check(float[] expected, Action<ModelWriter> build, params int[] dims)
    {
        ModelWriter w = Tokens.Writer(dims);
        build(w);
        Near(expected, Tokens.Run(w, expected.Length));
    }

    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-6f * (1 + Math.Abs(expected[i])));
        }
    }

    private static void Refused(ModelWriter writer, params string[] parts)
    {
        ModelImportException error = Assert.Throws<ModelImportException>(() => writer.Load());
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static IEnumerable<float> Grid(int rows, int columns, Func<int, int, float> value) =>
        Enumerable.Range(0, rows * columns).Select(i => value(i / columns, i % columns));

    private static IEnumerable<float> Cube(int a, int b, int c, Func<int, int, int, float> value) =>
        Enumerable.Range(0, a * b * c).Select(i => value(i / (b * c), i / c % b, i % c));
}
