using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Mapping;

public class ConverterFitTests
{
    private const int Images = 40;
    private static readonly SumNetwork Network = SumNetwork.Random(19, 10, 1, 1f, 2f);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AWideConverter_LeavesEveryScaleAsItIs(bool signedInputs)
    {
        LabelledImages images = Pictures.For(Network, Images, 2, signedPixels: true);
        NetworkOnDevice layout = Layout(images, FakeDevice.Caps(signedInputs));
        NetworkOnDevice fitted = ConverterFit.Of(layout, Network, images.Pixels, Images);
        Assert.Equal(layout.Scales.AsEnumerable(), fitted.Scales);
        Assert.All(fitted.Widened, channels => Assert.Equal(0, channels));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_ANarrowConverter_WidensUntilEveryReadFits(bool signedInputs)
    {
        LabelledImages images = Pictures.For(Network, Images, 2, signedPixels: true);
        DeviceCapabilities narrow = FakeDevice.Caps(signedInputs) with { AdcFullScale = 0.5 };
        NetworkOnDevice layout = Layout(images, narrow);
        Assert.True(Beyond(layout, images) > 0);
        NetworkOnDevice fitted = ConverterFit.Of(layout, Network, images.Pixels, Images);
        Assert.Equal(0, Beyond(fitted, images));
        Assert.True(fitted.Widened.Sum() > 0);
        for (int layer = 0; layer < layout.Scales.Length; layer++)
        {
            int changed = layout.Scales[layer].WeightFullScale.Zip(fitted.Scales[layer].WeightFullScale).Count(pair => pair.First != pair.Second);
            Assert.Equal(fitted.Widened[layer], changed);
            Assert.All(layout.Scales[layer].WeightFullScale.Zip(fitted.Scales[layer].WeightFullScale), pair => Assert.True(pair.Second >= pair.First));
        }
    }

    private static NetworkOnDevice Layout(LabelledImages images, DeviceCapabilities capabilities) =>
        NetworkOnDevice.Create(Network, capabilities, Network.ObserveRanges(images.Pixels, Images));

    private static long Beyond(NetworkOnDevice layout, LabelledImages images)
    {
        var reach = new ReachRoute(layout);
        float[] clean = new float[Images * Network.Classes];
        float[] routed = new float[clean.Length];
        Network.Forward(images.Pixels, Images, clean);
        Network.ForwardAsync(images.Pixels, Images, routed, reach, default).AsTask().GetAwaiter().GetResult();
        Assert.All(clean.Zip(routed), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        return reach.Beyond.Sum(layer => layer.Sum());
    }
}
