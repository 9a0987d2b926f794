using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
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

    /// <summary>
    /// Layers whose K pays back up to limits of their own: receiver noise is white and shot noise nearly all floor, and the second layer, five weights in six
    /// of which are 0, has less of the latter.
    /// </summary>
    public static (SumNetwork Network, NoiseProfile Measured) LimitsOfTheirOwn(double receiver, double shot)
    {
        const int Length = 12;
        const int Classes = 6;
        float[] dense = new float[Length * Classes];
        float[] sparse = new float[Length * Classes];
        GaussianGenerator.Fill(GaussianKey.Derive(1, 0), 0, dense);
        GaussianGenerator.Fill(GaussianKey.Derive(1, 1), 0, sparse);
        for (int i = 0; i < sparse.Length; i++)
        {
            sparse[i] = i % Length % 6 == i / Length ? sparse[i] : 0;
        }

        NoiseProfile white = Profile(receiver);
        NoiseTermEstimate floored = white.Terms[0] with
        {
            Term = NoiseTerm.ShotBalanced, Sigma = new Estimate(shot, new Interval(shot, shot), "1", 1000), Averaging = new AveragingLaw(0.1, 0.9),
        };
        return (new SumNetwork(Length, dense, sparse), white with { Terms = [white.Terms[0], floored] });
    }

    /// <summary>White thermal noise, sigma relative to full scale, optionally with a floor.</summary>
    public static NoiseProfile Profile(double sigma, double floor = 0) => new(
        FakeDevice.Caps().FullScale,
        [
            new NoiseTermEstimate(
                NoiseTerm.Thermal, new Estimate(sigma, new Interval(sigma, sigma), "1", 1000), true, new AveragingLaw(1 - floor, floor)),
        ]);
}
