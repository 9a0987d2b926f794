using AnalogHil.Calibration;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>What a calibration says and keeps when its device ends with a fault latched, or does not obey.</summary>
public sealed class SafeEndTests
{
    private const string GoOn = "reads are kept, go on with: hil calibrate --resume folder";

    [Fact]
    public async Task SafelyAsync_FaultLatchedAfterSuccess_KeepsTheResultAndTellsTheFault()
    {
        (int result, string? told) = await EndAsync(new FakeDevice { Latched = "Processor" }, () => 7);

        Assert.Equal(7, result);
        Assert.Contains("fault Processor is latched", told, StringComparison.Ordinal);
        Assert.Contains("hil device clear-fault small", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SafelyAsync_SafeAfterSuccess_TellsNothing() => Assert.Equal((7, null), await EndAsync(new FakeDevice(), () => 7));

    [Theory]
    [InlineData(true, ErrorReason.Cancelled)]
    [InlineData(false, ErrorReason.CalibrationFailed)]
    public async Task SafelyAsync_FaultLatchedAfterAFailure_KeepsItsReasonAndItsRemedyAndTellsTheFault(bool stopped, ErrorReason reason)
    {
        Exception thrown = stopped ? new OperationCanceledException() : new CalibrationException(CalibrationFault.DeadZone, "noise below the step");
        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(() => EndAsync(new FakeDevice { Latched = "Processor" }, () => throw thrown));

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(GoOn, failure.Message, StringComparison.Ordinal);
        Assert.Contains("fault Processor is latched", failure.Message, StringComparison.Ordinal);
        Assert.Same(thrown, failure.InnerException);
    }

    [Fact]
    public async Task SafelyAsync_DeviceDoesNotObeyAfterAFailure_IsTheFailureAndTellsWhatWasBefore()
    {
        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(() => EndAsync(
            new FakeDevice { IgnoresSafe = true }, () => throw new DeviceException(DeviceFault.Timeout, "no reply")));

        Assert.Equal(ErrorReason.DeviceUnavailable, failure.Reason);
        Assert.Contains("not shown to be safe", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"(before that: no reply; {GoOn})", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SafelyAsync_SafeAfterAFailure_ThrowsTheFailureAsItWas()
    {
        var thrown = new DeviceException(DeviceFault.Timeout, "no reply");
        Assert.Same(thrown, await Assert.ThrowsAsync<DeviceException>(() => EndAsync(new FakeDevice(), () => throw thrown)));
    }

    private static Task<(int Result, string? Told)> EndAsync(FakeDevice device, Func<int> work) => CalibrationRunner.SafelyAsync(
        device,
        "small",
        TimeProvider.System,
        _ => Task.FromResult(work()),
        failure => new CampaignException(
            failure is OperationCanceledException ? ErrorReason.Cancelled : ErrorReason.CalibrationFailed, $"{failure.Message}; {GoOn}", failure));
}
