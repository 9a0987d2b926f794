using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Validation;

namespace AnalogHil.Precision.Tests.Validation;

public class DeviceValidatorTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);
    private static readonly LabelledImages Images = Pictures.For(Network, 1500, 3, wrongOneIn: 10);

    [Theory]
    [InlineData(0f, Verdict.Accept)]
    [InlineData(0.5f, Verdict.Reject)]
    public async Task RunAsync_ByReadNoise_Decides(float noise, Verdict verdict)
    {
        ValidationRecord record = await Validate(noise, Images, null, default);
        Assert.Equal(verdict, record.Decision.Verdict);
        Assert.Equal(1500, record.Examples);
        Assert.Equal(0.9, record.CleanAccuracy, 9);
        Assert.Equal(record.CleanAccuracy - record.NoisyAccuracy, record.Decision.Drop, 9);
        Assert.True(record.Energy > 0);
        Assert.True(record.Counters.Reads > 0);
    }

    [Fact]
    public async Task RunAsync_WithFewExamples_IsInconclusiveAndSaysHowManyWouldDecide()
    {
        var few = new LabelledImages("few", Images.Shape, Images.Pixels[..(120 * 12)], Images.Labels[..120]);
        // Without a single discordant pair the upper limit is z^2 / (n + z^2) = 2.2 points.
        ValidationRecord record = await Validate(0, few, null, default);
        Assert.Equal(Verdict.Inconclusive, record.Decision.Verdict);
        Assert.True(record.Decision.ExamplesToDecide > 120);
    }

    [Fact]
    public async Task RunAsync_WhileRunning_TellsItsProgress()
    {
        var told = new List<PrecisionProgress>();
        await Validate(0, Images, new Collector(told), default);
        Assert.Equal(15, told.Count);
        Assert.Equal(1, told[^1].Fraction);
        Assert.All(told, progress => Assert.Equal(PrecisionPhase.Validation, progress.Phase));
        Assert.NotNull(told[^1].Remaining);
    }

    [Fact]
    public async Task RunAsync_WithLabelsOfAnotherModel_SaysSo()
    {
        LabelledImages wrong = Images with { Labels = [.. Images.Labels.Select(label => label + 1)] };
        var error = await Assert.ThrowsAsync<PrecisionException>(() => Validate(0, wrong, null, default));
        Assert.Contains("label 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithLabelsInAnotherOrder_SaysSoBeforeTheDeviceIsUsed()
    {
        var told = new List<PrecisionProgress>();
        LabelledImages wrong = Images with { Labels = [.. Images.Labels.Skip(1), Images.Labels[0]] };
        var error = await Assert.ThrowsAsync<PrecisionException>(() => Validate(0, wrong, new Collector(told), default));
        Assert.Contains("with their labels in any order", error.Message, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Validate(0, Images, null, new CancellationToken(true)));

    private static async Task<ValidationRecord> Validate(
        float noise, LabelledImages images, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        await using var device = new FakeDevice { ReadNoise = noise };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        await device.ProgramAsync(network.Programs, default);
        var route = new DeviceRoute(network, device, ReadoutCorrection.None(64, 4));
        var validator = new DeviceValidator(Network, route, device, new ValidationOptions(), TimeProvider.System);
        return await validator.RunAsync(images, progress, cancellationToken);
    }

    private sealed class Collector(List<PrecisionProgress> told) : IProgress<PrecisionProgress>
    {
        public void Report(PrecisionProgress value) => told.Add(value);
    }
}
