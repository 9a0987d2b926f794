using AnalogHil.Engine.Data;
using AnalogHil.Precision.Routes;

namespace AnalogHil.Precision.Tests.Integration;

public class GoldenLogitsTests
{
    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public async Task ForwardAsync_WithIdealConvertersAndNoNoise_EqualsTheGoldenLogits(string model)
    {
        Embedded scene = await Embedded.OpenAsync(model, "ideal");
        float[] golden = NpyReader.Read<float>(Embedded.PathOf($"models/{model}.golden.npy")).Values;
        int count = golden.Length / scene.Network.Classes;
        var route = new DeviceRoute(scene.OnDevice, scene.Device, scene.Correction);
        float[] logits = new float[golden.Length];
        await scene.Network.ForwardAsync(Embedded.Test.Slice(0, count), count, logits, route, default);
        Assert.Equal(0, golden.Zip(logits, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
        Assert.Equal(0, route.Counters.SaturatedReads);
    }
}
