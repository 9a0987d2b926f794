using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Integration;

namespace AnalogHil.Precision.Tests.Mapping;

public class DeclaredEnergyTests
{
    private const int Images = 5;
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);

    [Theory]
    [InlineData(RedundancyMode.ReadAndAverage, Granularity.Channel, true)]
    [InlineData(RedundancyMode.ReadAndAverage, Granularity.Layer, false)]
    [InlineData(RedundancyMode.AccumulateThenRead, Granularity.Channel, false)]
    [InlineData(RedundancyMode.SpatialCopies, Granularity.Layer, true)]
    public async Task OfImage_OfEveryMode_IsWhatTheDeviceReports(RedundancyMode mode, Granularity granularity, bool negativeInputs)
    {
        // 12 inputs on tiles of 8 rows, 6 channels on 4 columns, signs split on the device that takes none.
        await using var device = new SimulatedDevice(new SimulatedDeviceOptions
        {
            Physics = negativeInputs ? new CrossbarPhysics() : new BroadcastAndWeightPhysics(),
            Rows = 8, Columns = 4, Tiles = 64, Threads = 1, EnergyPerMac = 1e-14, EnergyPerAdcConversion = 3e-12, EnergyPerDacConversion = 5e-13,
            MaxRepeats = ImmutableDictionary<RedundancyMode, int>.Empty
                .Add(RedundancyMode.ReadAndAverage, 64).Add(RedundancyMode.AccumulateThenRead, 64).Add(RedundancyMode.SpatialCopies, 8),
        });
        await device.ArmAsync(1, default);
        int entries = granularity == Granularity.Layer ? 2 : 12;
        PrecisionPlan plan = new PlanLayout(Network.AnalogNodes, granularity, mode).ToPlan([.. Enumerable.Range(2, entries)]);
        NetworkOnDevice network = NetworkOnDevice.Create(
            Network, device.Capabilities, [new InputRange(-4, 4), new InputRange(-4, 4)], mode == RedundancyMode.SpatialCopies ? plan : null);
        await device.ProgramAsync(network.Programs, default);
        await PlanPusher.PushAsync(device, network, plan, default);
        double before = (await device.ReadTelemetryAsync(default)).Energy;
        float[] logits = new float[Images * 6];
        await Network.ForwardAsync(
            Pictures.For(Network, Images, 3, signedPixels: true).Pixels, Images, logits, new DeviceRoute(network, device, ReadoutCorrection.None(64, 4)), default);
        double spent = (await device.ReadTelemetryAsync(default)).Energy - before;

        ImageEnergy energy = DeclaredEnergy.OfImage(network, plan);
        Assert.Equal(spent / Images, energy.Joules, 1e-9 * energy.Joules);
        Assert.Equal((negativeInputs ? 1 : 2) * plan.Layers.Sum(layer => layer.MeanRepeats * layer.Macs), energy.Macs, 1e-6);
    }

    [Fact]
    public async Task OfImage_OfAConvolutionalNetwork_IsWhatTheDeviceReportsForBothPlans()
    {
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        var layout = new PlanLayout(scene.OnDevice, Granularity.Layer, RedundancyMode.ReadAndAverage);
        foreach (PrecisionPlan plan in (PrecisionPlan[])[layout.Uniform(4), layout.ToPlan([.. Enumerable.Range(1, layout.Count)])])
        {
            await PlanPusher.PushAsync(scene.Device, scene.OnDevice, plan, default);
            double before = (await scene.Device.ReadTelemetryAsync(default)).Energy;
            float[] logits = new float[3 * scene.Network.Classes];
            await scene.Network.ForwardAsync(
                Embedded.Test.Slice(0, 3), 3, logits, new DeviceRoute(scene.OnDevice, scene.Device, scene.Correction), default);
            double spent = (await scene.Device.ReadTelemetryAsync(default)).Energy - before;
            ImageEnergy energy = DeclaredEnergy.OfImage(scene.OnDevice, plan);
            Assert.Equal(spent / 3, energy.Joules, 1e-9 * energy.Joules);
            Assert.True(energy is { OutputConversions: > 0, InputConversions: > 0 });
        }
    }
}
