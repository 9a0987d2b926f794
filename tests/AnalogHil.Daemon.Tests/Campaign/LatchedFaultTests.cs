using AnalogHil.Calibration;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>How a campaign ends whose device holds a latched fault after it was made safe.</summary>
public sealed class LatchedFaultTests
{
    [Fact]
    public async Task RunAsync_FaultIsLatchedAndTheDriveOff_VerdictStandsSafeWithTheFaultAndItsRemedy()
    {
        CampaignState state = Campaigns.State(new FakeDevice { Latched = "Watchdog" });

        RunResponse result = await Runner(new FakeStep(CampaignPhase.Validate)).RunAsync(state, CancellationToken.None);

        Assert.Equal(Verdict.Accept, result.Verdict);
        Assert.Equal("Watchdog", state.EndFault);
        string told = Assert.Single(state.Warnings);
        Assert.Contains("is safe, its drive is off, and fault Watchdog is latched", told, StringComparison.Ordinal);
        Assert.Contains("hil device clear-fault", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FailsWithAFaultLatched_SaysWhyAndThatTheDeviceIsSafe()
    {
        var step = new FakeStep(CampaignPhase.Push, (_, _) => throw new DeviceException(DeviceFault.CorruptReply, "bad checksum"));

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner(step).RunAsync(Campaigns.State(new FakeDevice { Latched = "Watchdog" }), CancellationToken.None));

        Assert.Equal(ErrorReason.DeviceFault, failure.Reason);
        Assert.StartsWith("push: bad checksum", failure.Message, StringComparison.Ordinal);
        Assert.Contains("fault Watchdog is latched", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not shown to be safe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FaultIsLatchedAndTheDriveMeasured_IsNotShownToBeSafe()
    {
        var device = new FakeDevice { Latched = "DriveLimit", Drive = 1.5 };

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner(new FakeStep(CampaignPhase.Validate)).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(ErrorReason.DeviceUnavailable, failure.Reason);
        Assert.Contains("is not shown to be safe: it reports Faulted (DriveLimit), drive at 150 % of nominal", failure.Message, StringComparison.Ordinal);
    }

    private static CampaignRunner Runner(FakeStep step) => new([step], new FakeRecord(), new SilentObserver(), new FakeTime());
}
