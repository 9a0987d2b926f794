using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Twin;
using AnalogHil.Precision.Validation;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Integration;

public class ClosedLoopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_OfTheSmallModelOnTheCrossbar_IsCertifiedWithLessEnergyThanUniform()
    {
        // Everything is drawn from fixed seeds (split 1, search 1, learning 1, the bench's own), so the outcome is one sample of a plan that
        // was aimed at ACCEPT with probability 0.9; another bench or seed may honestly end INCONCLUSIVE.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        Splits splits = Splits.Create(Embedded.Test, 2000, 2000, 1);
        var model = new NoiseModel(scene.OnDevice.Scales, scene.Profile);
        var layout = new PlanLayout(scene.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var search = new PrecisionSearch(
            scene.Network, model, layout, 256,
            new SearchOptions { CertificationExamples = splits.Certification.Count, Target = 0.03, Seeds = 1 },
            new LearningOptions { Steps = 10, SensitivityImages = 256, JudgeImages = 256 },
            TimeProvider.System);

        PrecisionResult result = search.Run(Embedded.Calibration, splits.Search, null, default);
        output.WriteLine($"{result.Uniform.Reason}\n{result.Learned.Reason}\nratio {result.Ratio.Value:0.00}");
        Assert.True(result.Reachable);
        Assert.True(result.Learned.Energy <= result.Uniform.Energy);
        Assert.Equal(result.Shape!.Residual, result.OptimalityResidual);
        Assert.InRange(result.IntegerGap!.Value, 0, 0.05);
        Assert.Contains("against the upper limits of sigma takes", result.PriceOfIgnorance, StringComparison.Ordinal);

        await PlanPusher.PushAsync(scene.Device, scene.OnDevice, result.Plan, default);
        var route = new DeviceRoute(scene.OnDevice, scene.Device, scene.Correction);
        var twin = new TwinCheck(
            scene.Network, route, model, result.Plan, new TwinOptions { HalfWidth = 0.06 }, TimeProvider.System);
        TwinResult agreement = await twin.RunAsync(Embedded.Calibration, null, default);
        Assert.All(agreement.Layers, layer => Assert.Equal(1, layer.VarianceRatio, 0.12));

        var validator = new DeviceValidator(
            scene.Network, route, scene.Device, new ValidationOptions { Target = 0.03 }, TimeProvider.System);
        ValidationRecord record = await validator.RunAsync(splits.Certification, null, default);
        output.WriteLine(record.Decision.Reason);
        Assert.Equal(Verdict.Accept, record.Decision.Verdict);
        Assert.True(record.Counters.ClippedShare < 1e-3);
    }
}
