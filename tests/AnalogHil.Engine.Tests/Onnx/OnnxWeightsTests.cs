using AnalogHil.Engine.Onnx;

namespace AnalogHil.Engine.Tests.Onnx;

public class OnnxWeightsTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("grouped")]
    [InlineData("depthwise")]
    [InlineData("pooled")]
    [InlineData("residual")]
    public void Replace_OtherWeights_GivesAFileOfTheNetworkWithThem(string name)
    {
        // Kernels, groups, fully connected layers, and a normalisation that is folded into the weights of "pooled".
        byte[] file = Networks.Create(name).Bytes();
        OnnxNetwork network = OnnxNetwork.Parse(name, file);
        float[]?[] changed = [.. network.AnalogNodes.Select((node, i) => i == 1
            ? null
            : node.Weights.ToArray().Select((weight, k) => weight * (1 + 0.05f * (k % 5)) + 0.001f).ToArray())];
        OnnxNetwork written = OnnxNetwork.Parse(name, OnnxWeights.Replace(file, changed));
        float[] image = [.. Enumerable.Range(0, network.InputShape.Size).Select(k => MathF.Sin(k))];
        float[] expected = new float[network.Classes];
        float[] actual = new float[network.Classes];
        network.WithWeights(changed).Forward(image, 1, expected);
        written.Forward(image, 1, actual);
        float scale = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * scale));
    }

    [Fact]
    public void WithReluForRelu6_ANetworkOfBothKinds_OpensOnlyTheSix()
    {
        ModelWriter writer = new ModelWriter(1, 4, 4).Conv(1, 3, 3, pads: [1, 1, 1, 1]);
        writer.Node("Clip", [writer.Last, writer.Constant([], [0f]), writer.Constant([], [6f])]).Conv(3, 3, 1);
        writer.Node("Clip", [writer.Last, writer.Constant([], [0f]), writer.Constant([], [5f])]).Flatten().Gemm(48, 2);
        OnnxNetwork six = OnnxNetwork.Parse("six", writer.Bytes());
        (OnnxNetwork open, int opened) = six.WithReluForRelu6();
        Assert.Equal(1, opened);
        Assert.Equal(0, open.WithReluForRelu6().Opened);
        float[] bright = [.. Enumerable.Repeat(1000f, 16)];
        InputRange before = six.ObserveRanges(bright, 1)[1];
        InputRange after = open.ObserveRanges(bright, 1)[1];
        Assert.Equal(6, before.High);
        Assert.True(after.High > 6);
        Assert.Equal(5, open.ObserveRanges(bright, 1)[2].High);
    }
}
