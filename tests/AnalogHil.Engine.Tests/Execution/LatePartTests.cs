using System.Runtime.InteropServices;
using AnalogHil.Engine.Execution;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>Networks whose last layers take several images together: the same bits as image by image, clean and noisy.</summary>
public sealed class LatePartTests
{
    // One block of eight images and one of three on one thread.
    private const int Count = 11;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Forward_LateLayersTogether_SameBitsAsImageByImage(int rowBlocks)
    {
        ModelWriter writer = LargeMapsThenLargeWeights();
        OnnxNetwork single = writer.Load(new EngineOptions { Threads = 2 });
        float[] images = ModelWriter.Images(single, Count);
        NoiseInjection? Noise(long first) => rowBlocks == 0 ? null : Laws.Injection(single, seed: 5, first, rowBlocks);
        int size = single.InputShape.Size;
        float[] expected = new float[Count * single.Classes];
        for (int image = 0; image < Count; image++)
        {
            // Fewer images than threads go through all layers in one plan, without a late part.
            single.Forward(images.AsSpan(image * size, size), 1, expected.AsSpan(image * single.Classes, single.Classes), Noise(100 + image));
        }

        foreach (int threads in new[] { 1, 3 })
        {
            float[] together = new float[expected.Length];
            writer.Load(new EngineOptions { Threads = threads }).Forward(images, Count, together, Noise(100));
            Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(together.AsSpan())), $"{threads} threads: logits differ");
        }
    }

    // So that the test above is about what it says.
    [Fact]
    public void Plan_LargeMapsThenLargeWeights_HasALatePart()
    {
        var plan = new ExecutionPlan(LargeMapsThenLargeWeights().Load().Graph);

        Assert.NotNull(plan.Late);
        Assert.InRange(plan.Late.FirstStep, 1, plan.Steps.Count - 2);
        Assert.NotEmpty(plan.Late.HandedOver);
        Assert.InRange(plan.ForwardBlock, 1, plan.SharedBlock - 1);
    }

    internal static ModelWriter LargeMapsThenLargeWeights() => new ModelWriter(1, 420, 420).Conv(1, 4, 3, pads: [1, 1, 1, 1]).Relu().Pool("MaxPool", 21, 21)
        .Conv(4, 8, 3, stride: 2, pads: [1, 1, 1, 1]).Relu().Flatten().Gemm(800, 400).Relu().Gemm(400, 5);
}
