using AnalogHil.Calibration;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class CampaignRunnerTests
{
    private static readonly CampaignPhase[] Phases =
    [
        CampaignPhase.Open, CampaignPhase.Calibrate, CampaignPhase.Learn, CampaignPhase.Push, CampaignPhase.Twin, CampaignPhase.Validate,
    ];

    public static TheoryData<CampaignPhase> EveryPhase => [.. Phases];

    [Fact]
    public async Task RunAsync_AllStepsSucceed_DeviceIsSafeBeforeTheFinalRecord()
    {
        var device = new FakeDevice();
        var record = new FakeRecord();
        FakeStep[] steps = [.. Phases.Select(phase => new FakeStep(phase))];

        RunResponse result = await Runner(steps, record).RunAsync(Campaigns.State(device), CancellationToken.None);

        Assert.Equal(Verdict.Accept, result.Verdict);
        Assert.All(steps, step => Assert.True(step.Ran));
        Assert.Equal([.. Phases.Select(phase => $"partial {phase}"), "final device Safe"], record.Writes);
        Assert.True(device.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(EveryPhase))]
    public async Task RunAsync_CancelledInAPhase_DeviceIsSafeAndTheRecordPartial(CampaignPhase phase)
    {
        var device = new FakeDevice();
        var record = new FakeRecord();
        using var stop = new CancellationTokenSource();
        FakeStep[] steps = [.. Phases.Select(candidate => new FakeStep(candidate, async (_, token) =>
        {
            if (candidate == phase)
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
            }
        }))];

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner(steps, record).RunAsync(Campaigns.State(device), stop.Token));

        Assert.Equal(ErrorReason.Cancelled, failure.Reason);
        Assert.Contains("--resume /nowhere", failure.Message, StringComparison.Ordinal);
        Assert.Equal(DeviceState.Safe, device.State);
        Assert.True(device.IsDisposed);
        Assert.Equal($"failed {phase} Cancelled device Safe", record.Writes[^1]);
        Assert.DoesNotContain(steps, step => step.Phase > phase && step.Ran);
    }

    [Theory]
    [InlineData(DeviceFault.Timeout, ErrorReason.Cancelled)]
    [InlineData(DeviceFault.CorruptReply, ErrorReason.Cancelled)]
    [InlineData(DeviceFault.Contradiction, ErrorReason.DeviceFault)]
    [InlineData(DeviceFault.Rebooted, ErrorReason.DeviceUnavailable)]
    public async Task RunAsync_DeviceFailsWhileStopping_IsACancellationOnlyWhereTheCallMayHaveBeenCutShort(DeviceFault fault, ErrorReason reason)
    {
        CampaignException failure = await FailWhileStoppingAsync(new DeviceException(fault, "no reply"));

        Assert.Equal(reason, failure.Reason);
        Assert.Equal(reason != ErrorReason.Cancelled, failure.Message.EndsWith("no reply (while stopping)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_DefectWhileStopping_StaysADefect()
    {
        CampaignException failure = await FailWhileStoppingAsync(new InvalidOperationException("index 7"));

        Assert.Equal(ErrorReason.Internal, failure.Reason);
        Assert.Contains("index 7", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(while stopping)", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Exception, ErrorReason> StepFailures => new()
    {
        { new PrecisionException(PrecisionFault.Data, "3 images"), ErrorReason.DataInvalid },
        { new PrecisionException(PrecisionFault.Budget, "energy"), ErrorReason.PlanDoesNotFit },
        { new PrecisionException(PrecisionFault.PushMismatch, "hash"), ErrorReason.DeviceFault },
        { new MappingException("fc", "fc needs 9 tiles"), ErrorReason.PlanDoesNotFit },
        { new CalibrationException(CalibrationFault.DeadColumn, "column 3"), ErrorReason.CalibrationFailed },
    };

    [Theory]
    [MemberData(nameof(StepFailures))]
    public async Task RunAsync_AnyStepThrowsAFailureOfItsTrade_IsNoDefect(Exception thrown, ErrorReason reason)
    {
        var step = new FakeStep(CampaignPhase.Learn, (_, _) => throw thrown);

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], new FakeRecord()).RunAsync(Campaigns.State(new FakeDevice()), CancellationToken.None));

        Assert.Equal(reason, failure.Reason);
        Assert.EndsWith(thrown.Message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeviceFault.Timeout, ErrorReason.DeviceUnavailable)]
    [InlineData(DeviceFault.Disconnected, ErrorReason.DeviceUnavailable)]
    [InlineData(DeviceFault.Rebooted, ErrorReason.DeviceUnavailable)]
    [InlineData(DeviceFault.CorruptReply, ErrorReason.DeviceFault)]
    [InlineData(DeviceFault.Contradiction, ErrorReason.DeviceFault)]
    [InlineData(DeviceFault.Saturated, ErrorReason.DeviceFault)]
    [InlineData(DeviceFault.InvalidRequest, ErrorReason.Internal)]
    public async Task RunAsync_DeviceFails_ReasonSaysWhatKindAndTheDeviceIsSafe(DeviceFault fault, ErrorReason reason)
    {
        var device = new FakeDevice();
        var record = new FakeRecord();
        var step = new FakeStep(CampaignPhase.Twin, (_, _) => throw new DeviceException(fault, "read 12 of block 3"));

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], record).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(reason, failure.Reason);
        Assert.Equal("twin check: read 12 of block 3", failure.Message);
        Assert.Equal(fault.ToString(), failure.Metadata["device_fault"]);
        Assert.Equal(DeviceState.Safe, device.State);
        Assert.Equal($"failed Twin {reason} device Safe", record.Writes[^1]);
    }

    [Fact]
    public async Task RunAsync_UnexpectedException_IsADefectAndTheDeviceIsSafe()
    {
        var device = new FakeDevice();
        var step = new FakeStep(CampaignPhase.Learn, (_, _) => throw new InvalidOperationException("index 7"));

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], new FakeRecord()).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(ErrorReason.Internal, failure.Reason);
        Assert.Contains("InvalidOperationException: index 7", failure.Message, StringComparison.Ordinal);
        Assert.Equal(DeviceState.Safe, device.State);
    }

    [Fact]
    public async Task RunAsync_DeviceStaysArmed_IsAFailureEvenAfterSuccess()
    {
        var record = new FakeRecord();
        var device = new FakeDevice { IgnoresSafe = true };

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([new FakeStep(CampaignPhase.Validate)], record).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(ErrorReason.DeviceUnavailable, failure.Reason);
        Assert.Contains("by hand", failure.Message, StringComparison.Ordinal);
        Assert.Equal("failed Validate DeviceUnavailable device Armed", record.Writes[^1]);
    }

    [Fact]
    public async Task RunAsync_DeviceIsGoneWhileMadeSafe_SaysSoAndKeepsTheFirstFailure()
    {
        var device = new FakeDevice { SafeFails = new DeviceException(DeviceFault.Disconnected, "the link is gone") };
        var step = new FakeStep(CampaignPhase.Push, (_, _) => throw new DeviceException(DeviceFault.CorruptReply, "bad checksum"));

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], new FakeRecord()).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(ErrorReason.DeviceUnavailable, failure.Reason);
        Assert.Contains("the link is gone", failure.Message, StringComparison.Ordinal);
        Assert.Contains("push: bad checksum", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MakingSafeThrowsAnything_DeviceIsClosedAndTheRecordKeepsTheFirstFailure()
    {
        var device = new FakeDevice { SafeFails = new IOException("the port is gone") };
        var record = new FakeRecord();
        var step = new FakeStep(CampaignPhase.Push, (_, _) => throw new DeviceException(DeviceFault.CorruptReply, "bad checksum"));

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], record).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.True(device.IsDisposed);
        Assert.Equal("failed Push DeviceUnavailable device unknown", record.Writes[^1]);
        Assert.Equal(failure, record.Failure);
        Assert.Contains("is not shown to be safe: the port is gone", failure.Message, StringComparison.Ordinal);
        Assert.Contains("push: bad checksum", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "discarded")]
    [InlineData(true, "failed Open PlanDoesNotFit device Safe")]
    public async Task RunAsync_NetworkDoesNotFitTheDevice_LeavesNothingOfANewCampaign(bool resume, string last)
    {
        var record = new FakeRecord();
        var step = new FakeStep(CampaignPhase.Open, (_, _) => throw new MappingException("fc", "fc needs 9 tiles"));

        await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], record).RunAsync(Campaigns.State(new FakeDevice(), resume), CancellationToken.None));

        Assert.Equal(last, record.Writes[^1]);
    }

    [Fact]
    public async Task RunAsync_LinkDoesNotClose_VerdictStandsWithAWarning()
    {
        CampaignState state = Campaigns.State(new FakeDevice { DisposeFails = new IOException("port busy") });

        RunResponse result = await Runner([new FakeStep(CampaignPhase.Validate)], new FakeRecord()).RunAsync(state, CancellationToken.None);

        Assert.Equal(Verdict.Accept, result.Verdict);
        Assert.Contains("port busy", Assert.Single(state.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RecordCannotBeWritten_IsUnwritableAndTheDeviceIsSafe()
    {
        var device = new FakeDevice();
        var record = new FakeRecord { Fails = new IOException("disk full") };

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(
            () => Runner([new FakeStep(CampaignPhase.Open)], record).RunAsync(Campaigns.State(device), CancellationToken.None));

        Assert.Equal(ErrorReason.OutputUnwritable, failure.Reason);
        Assert.Equal(DeviceState.Safe, device.State);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task RunAsync_StepHasAKeptResult_IsSkippedOnlyWhenResuming(bool resume, bool ran)
    {
        var kept = new FakeStep(CampaignPhase.Calibrate) { CanRestore = true };
        var next = new FakeStep(CampaignPhase.Learn);

        await Runner([kept, next], new FakeRecord()).RunAsync(Campaigns.State(new FakeDevice(), resume), CancellationToken.None);

        Assert.Equal(ran, kept.Ran);
        Assert.True(next.Ran);
    }

    private static async Task<CampaignException> FailWhileStoppingAsync(Exception thrown)
    {
        using var stop = new CancellationTokenSource();
        var step = new FakeStep(CampaignPhase.Validate, async (_, _) =>
        {
            await stop.CancelAsync();
            throw thrown;
        });
        return await Assert.ThrowsAsync<CampaignException>(
            () => Runner([step], new FakeRecord()).RunAsync(Campaigns.State(new FakeDevice()), stop.Token));
    }

    private static CampaignRunner Runner(FakeStep[] steps, FakeRecord record) => new(steps, record, new SilentObserver(), new FakeTime());
}
