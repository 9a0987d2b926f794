using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Tests.Integration;

/// <summary>The repository's own models, data and benches, with a simulated device whose truth stands in for a perfect calibration.</summary>
internal sealed class Embedded
{
    private Embedded(OnnxNetwork network, SimulatedDevice device, NetworkOnDevice onDevice)
    {
        Network = network;
        Device = device;
        OnDevice = onDevice;
    }

    public static LabelledImages Test { get; } = IdxImageSet.Load(PathOf("data/fashion-mnist"), ImageSplit.Test);

    public static LabelledImages Calibration { get; } = IdxImageSet.Load(PathOf("data/fashion-mnist"), ImageSplit.Calibration);

    public OnnxNetwork Network { get; }

    public SimulatedDevice Device { get; }

    public NetworkOnDevice OnDevice { get; }

    public ReadoutCorrection Correction => new(Device.Truth.Gain, Device.Truth.Offset);

    public NoiseProfile Profile => new(
        Device.Capabilities.FullScale,
        [
            .. Device.Truth.Terms.Where(term => term.Value.Sigma > 0).Select(term => new NoiseTermEstimate(
                term.Key,
                new Estimate(term.Value.Sigma, new Interval(term.Value.Sigma, term.Value.Sigma), "1", 1),
                true,
                new AveragingLaw(1 - term.Value.FloorFraction, term.Value.FloorFraction))),
        ]);

    /// <summary>Loads a model, opens a bench's device without its link faults, and programs it.</summary>
    public static async Task<Embedded> OpenAsync(string model, string bench)
    {
        OnnxNetwork network = OnnxNetwork.Load(PathOf($"models/{model}.onnx"));
        var device = new SimulatedDevice(Bench.Load(PathOf($"config/benches/{bench}.json")).Device);
        await device.ArmAsync(1, default);
        NetworkOnDevice onDevice = NetworkOnDevice.Create(
            network, device.Capabilities, network.ObserveRanges(Calibration.Pixels, 512));
        await device.ProgramAsync(onDevice.Programs, default);
        return new Embedded(network, device, onDevice);
    }

    public static string PathOf(string relative)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AnalogHil.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("AnalogHil.sln is above none of the test's folders"), relative);
    }
}
