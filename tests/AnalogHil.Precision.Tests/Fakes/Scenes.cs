using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Tests.Fakes;

/// <summary>Layouts and profiles that several tests share.</summary>
internal static class Scenes
{
    public static NetworkOnDevice OnDevice(INetwork network, DeviceCapabilities? capabilities = null, float low = 0, float high = 4) =>
        NetworkOnDevice.Create(
            network, capabilities ?? FakeDevice.Caps(), [.. network.AnalogNodes.Select(_ => new InputRange(low, high))]);

    public static IReadOnlyList<LayerScale> Scales(INetwork network) => OnDevice(network).Scales;

    /// <summary>White thermal noise, sigma relative to full scale, optionally with a floor.</summary>
    public static NoiseProfile Profile(double sigma, double floor = 0) => new(
        FakeDevice.Caps().FullScale,
        [
            new NoiseTermEstimate(
                NoiseTerm.Thermal, new Estimate(sigma, new Interval(sigma, sigma), "1", 1000), true, new AveragingLaw(1 - floor, floor)),
        ]);
}
