using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Routes;

public class DeviceRouteTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(19, 10, 1, 1f, 2f);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task MultiplyAsync_OnAnExactDevice_EqualsTheNetwork(bool signedDevice, bool signedImages)
    {
        LabelledImages images = Pictures.For(Network, 30, 2, signedImages);
        await using var device = new FakeDevice { Capabilities = FakeDevice.Caps(signedDevice), Gain = 0.9f, Offset = 0.3f };
        NetworkOnDevice network = NetworkOnDevice.Create(Network, device.Capabilities, Network.ObserveRanges(images.Pixels, 30));
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, Correction(device));
        Assert.Equal(0, await Distance(route, images), 1e-4);
        Assert.Equal(0, route.Counters.ClippedInputs);
        int passes = signedImages && !signedDevice ? 2 : 1;
        Assert.Equal(passes * 30L * network.Programs.Sum(block => block.Columns), route.Counters.Reads);
    }

    [Fact]
    public async Task MultiplyAsync_WithCopiesInSpace_CorrectsTheirMean()
    {
        LabelledImages images = Pictures.For(Network, 10, 2);
        PrecisionPlan plan = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.SpatialCopies).ToPlan([2, 3]);
        await using var device = new FakeDevice { Gain = 1.1f, Offset = -0.2f };
        NetworkOnDevice network = NetworkOnDevice.Create(Network, device.Capabilities, Network.ObserveRanges(images.Pixels, 10), plan);
        await device.ProgramAsync(network.Programs, default);
        Assert.Equal(0, await Distance(new DeviceRoute(network, device, Correction(device)), images), 1e-4);
    }

    [Fact]
    public async Task MultiplyAsync_BeyondFullScale_ClipsAndCounts()
    {
        LabelledImages images = Pictures.For(Network, 20, 2);
        await using var device = new FakeDevice();
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 1);
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, Correction(device));
        Assert.True(await Distance(route, images) > 0.1);
        Assert.Equal(2L * images.Pixels.Count(x => x > 1.0001f), route.Counters.ClippedInputs, 1.0);
    }

    [Fact]
    public async Task MultiplyAsync_WithCorruptReplies_RetriesAndCounts()
    {
        LabelledImages images = Pictures.For(Network, 20, 2);
        await using var device = new FakeDevice { CorruptEvery = 4 };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, Correction(device));
        Assert.Equal(0, await Distance(route, images), 1e-4);
        Assert.True(route.Counters.Retries > 3);
    }

    [Fact]
    public async Task MultiplyAsync_WithNothingButCorruptReplies_GivesUp()
    {
        LabelledImages images = Pictures.For(Network, 2, 2);
        await using var device = new FakeDevice { CorruptEvery = 1 };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, Correction(device), retriesPerCall: 2);
        var error = await Assert.ThrowsAsync<DeviceException>(() => Distance(route, images));
        Assert.Equal(DeviceFault.CorruptReply, error.Fault);
        Assert.Equal(2, route.Counters.Retries);
    }

    [Fact]
    public async Task MultiplyAsync_WithAReadThatIsNoNumber_NamesTheLayer()
    {
        LabelledImages images = Pictures.For(Network, 2, 2);
        await using var device = new FakeDevice { Offset = float.NaN };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, ReadoutCorrection.None(64, 4));
        var error = await Assert.ThrowsAsync<DeviceException>(() => Distance(route, images));
        Assert.Contains("layer fc0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MultiplyAsync_UnderAPlan_ReadsKTimes()
    {
        LabelledImages images = Pictures.For(Network, 5, 2);
        await using var device = new FakeDevice();
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        await device.ProgramAsync(network.Programs, default);
        await PlanPusher.PushAsync(
            device, network, new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).ToPlan([3, 5]), default);
        var route = new DeviceRoute(network, device, Correction(device));
        await Distance(route, images);
        Assert.Equal(5 * (3 + 5) * 10 * 3, route.Counters.Reads);
    }

    private static ReadoutCorrection Correction(FakeDevice device)
    {
        ReadoutCorrection correction = ReadoutCorrection.None(device.Capabilities.Tiles, device.Capabilities.Columns);
        foreach (int tile in Enumerable.Range(0, device.Capabilities.Tiles))
        {
            correction.Gain[tile].AsSpan().Fill(device.Gain);
            correction.Offset[tile].AsSpan().Fill(device.Offset);
        }

        return correction;
    }

    private static async Task<double> Distance(DeviceRoute route, LabelledImages images)
    {
        float[] clean = new float[images.Count * Network.Classes];
        float[] device = new float[clean.Length];
        Network.Forward(images.Pixels, images.Count, clean);
        await Network.ForwardAsync(images.Pixels, images.Count, device, route, default);
        return clean.Zip(device, (a, b) => Math.Abs(a - b)).Max();
    }
}
