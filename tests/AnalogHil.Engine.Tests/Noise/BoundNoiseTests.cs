using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Noise;

public sealed class BoundNoiseTests
{
    [Fact]
    public void Forward_BoundLaws_GiveTheSameBitsAndAreACopy()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(network, 3);
        NoiseInjection noise = Laws.Held(network, seed: 4);
        float[] expected = new float[3 * network.Classes];
        float[] actual = new float[expected.Length];
        network.Forward(images, 3, expected, noise);

        NoiseInjection bound = noise with { Nodes = network.Bind(noise.Nodes) };
        Array.Fill(noise.Nodes[0]!.Variance.Constant, 7);
        network.Forward(images, 3, actual, bound);

        Assert.Equal(expected, actual);
        Assert.Equal(noise.Nodes.Count, bound.Nodes.Count);
    }

    [Fact]
    public void Forward_LawsBoundToAnotherNetwork_AreTakenAsAList()
    {
        OnnxNetwork first = Networks.Create("plain").Load();
        OnnxNetwork second = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(first, 2);
        NoiseInjection noise = Laws.Injection(first, seed: 4) with { Nodes = first.Bind(Laws.Injection(first, seed: 4).Nodes) };
        (float[] a, float[] b) = (new float[2 * first.Classes], new float[2 * first.Classes]);

        first.Forward(images, 2, a, noise);
        second.Forward(images, 2, b, noise);

        Assert.Equal(a, b);
        Assert.Contains("entries for 3 nodes", Assert.Throws<ArgumentException>(() => first.Bind([.. noise.Nodes.Take(3)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_LawThatDoesNotFit_IsRefusedAtOnce()
    {
        OnnxNetwork network = Networks.Create("plain").Load();

        Assert.Contains("not negative", Assert.Throws<ArgumentException>(
            () => network.Bind([new NodeNoise(Laws.Constant(network.AnalogNodes[0], -1)), null, null, null])).Message, StringComparison.Ordinal);
    }
}
