using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Averaging;

public sealed class DeviceAveragingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task RunAsync_FlickerNoise_LawsBelongToTheirTermsAndKEffCoversTheCells()
    {
        // 1/f noise sits in the weights; the receiver is white. Ten devices: K_eff(16) of the weights within 25 % of the cells', slow noise of the receiver
        // claimed at 1 %.
        int near = 0;
        int claimed = 0;
        for (int seed = 16000; seed < 16010; seed++)
        {
            await using SimulatedDevice device = await FlickerAsync(seed, 0.6);
            DeviceAveraging found = await RunAsync(device, 64);
            double truth = device.Truth.WeightLaw!.EffectiveRepeats(16);
            double weight = 1 / found.Laws[NoiseTerm.Weight].Factor(16);
            near += Math.Abs(weight / truth - 1) < 0.25 ? 1 : 0;
            claimed += found.Dark.Kind == SlowNoiseKind.None ? 0 : 1;
            if (seed == 16000)
            {
                output.WriteLine($"{found.Driven.Kind}: K_eff(16) of the weights {weight:F2}, cells {truth:F2}; certified up to {found.Certified.LargestPaying} of {found.Certified.LargestMeasured}");
            }
        }

        output.WriteLine($"{near} of 10 within 25 %, {claimed} of 10 receivers called slow; seeds 16000 ..");
        Assert.InRange(near, 8, 10);
        Assert.InRange(claimed, 0, 2);
    }

    [Fact]
    public async Task Certified_BeyondTheMeasuredRepeats_IsRefusedWithTheReason()
    {
        await using SimulatedDevice device = await FlickerAsync(16100, 0.6);
        DeviceAveraging found = await RunAsync(device, 16);
        Assert.Equal(16, found.Certified.LargestMeasured);
        string? refusal = found.Certified.Refusal(32);
        output.WriteLine(refusal ?? "");
        Assert.Contains("was not measured", refusal, StringComparison.Ordinal);
        Assert.Null(found.Certified.Refusal(1));
    }

    [Fact]
    public async Task Certified_NoiseThatIsCommonToAllReads_EndsWhereRepeatsStopPaying()
    {
        // Nearly all noise is slower than every mean: beyond the first doublings the variance falls no more.
        await using SimulatedDevice device = await FlickerAsync(16200, 0.98, fast: 1e5, slow: 1e6);
        DeviceAveraging found = await RunAsync(device, 64);
        output.WriteLine($"{found.Driven.Kind}, floor {found.Driven.Floor.Value:F3}: certified up to {found.Certified.LargestPaying} of {found.Certified.LargestMeasured}; {found.Certified.Refusal(64)}");
        Assert.InRange(found.Certified.LargestPaying, 1, 64);
        Assert.InRange(found.Driven.Points.Single(point => point.K == 64).Effective.Value, 0.9, 64);
    }

    private static Task<DeviceAveraging> RunAsync(SimulatedDevice device, int largest) => AveragingMeasurement.RunAsync(
        device, [0], ReadoutCorrection.None(device.Capabilities.Tiles, device.Capabilities.Columns), largest, null, TimeProvider.System, default);

    private static Task<SimulatedDevice> FlickerAsync(int seed, double share, double fast = 0.05, double slow = 204.8) => Cells.OpenAsync(
        new CrossbarCells
        {
            Lumped = new() { ReadNoiseMicrosiemens = 2, ReceiverNoiseNanoamperes = 800 },
            FlickerShare = share,
            FlickerFastMicroseconds = fast,
            FlickerSlowMicroseconds = slow,
        },
        seed,
        columns: 32);
}
