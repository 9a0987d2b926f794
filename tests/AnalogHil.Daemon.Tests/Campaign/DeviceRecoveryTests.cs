using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Scheduling;
using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Push;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>What becomes of a campaign whose device is lost in the middle.</summary>
public sealed class DeviceRecoveryTests : IAsyncDisposable
{
    private static readonly CampaignPhase[] Phases =
    [
        CampaignPhase.Open, CampaignPhase.Calibrate, CampaignPhase.Learn, CampaignPhase.Push, CampaignPhase.Twin, CampaignPhase.Validate,
    ];

    private const long Epoch = 77;

    private readonly FakeDevice _device = new();
    private readonly SilentObserver _observer = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private FakeStep[] _steps = [];

    [Theory]
    [InlineData(CampaignPhase.Calibrate, false, "1 2 1 1 1 1")]
    [InlineData(CampaignPhase.Calibrate, true, "1 2 1 1 1 1")]
    [InlineData(CampaignPhase.Push, false, "1 1 1 2 1 1")]
    [InlineData(CampaignPhase.Twin, false, "1 1 1 1 2 1")]
    [InlineData(CampaignPhase.Validate, false, "1 1 1 1 1 2")]
    [InlineData(CampaignPhase.Twin, true, "1 1 1 2 2 1")]
    [InlineData(CampaignPhase.Validate, true, "1 1 1 2 2 2")]
    public async Task RunAsync_DeviceLostOnce_GoesOnWhereItsBootAndSettingsAllow(CampaignPhase phase, bool rebooted, string runs)
    {
        await RunAsync(phase, DeviceFault.Disconnected, times: 1, lost: () => _device.Boot = rebooted ? "boot-2" : "boot");

        Assert.Equal(runs, string.Join(' ', _steps.Select(step => step.Runs)));
        string note = Assert.Single(_observer.Notes, text => text.Contains("taken back", StringComparison.Ordinal));
        Assert.Contains(rebooted ? "rebooted (boot was boot, is boot-2)" : "still up", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SettingsAreNotThoseCommitted_PushesAndChecksThemAgain()
    {
        await RunAsync(
            CampaignPhase.Validate, DeviceFault.Disconnected, times: 1,
            lost: () => _device.Active = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [7])]));

        Assert.Equal("1 1 1 2 2 2", string.Join(' ', _steps.Select(step => step.Runs)));
        Assert.Contains(_observer.Notes, text => text.Contains("committed was", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DeviceFault.Rebooted)]
    [InlineData(DeviceFault.NotArmed)]
    public async Task RunAsync_OtherWaysToLoseADevice_AreTakenBackToo(DeviceFault fault)
    {
        await RunAsync(CampaignPhase.Validate, fault, times: 1);
        Assert.Equal(2, _steps[^1].Runs);
        Assert.Equal([Epoch], _device.Epochs);
        Assert.Equal(DeviceState.Safe, _device.State);
    }

    [Fact]
    public async Task RunAsync_LineComesBackAtTheThirdTry_IsWaitedFor()
    {
        _device.IdentifyFails.Enqueue(new DeviceException(DeviceFault.Disconnected, "not yet"));
        _device.IdentifyFails.Enqueue(new DeviceException(DeviceFault.Timeout, "not yet"));

        Task campaign = RunAsync(CampaignPhase.Validate, DeviceFault.Disconnected, times: 1);

        // The deadline of the recovery, then the pause after each try that failed.
        await _time.TimerSetAsync();
        for (int failed = 0; failed < 2; failed++)
        {
            await _time.TimerSetAsync();
            Assert.False(campaign.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.25));
        }

        await campaign;
        Assert.Equal(2, _steps[^1].Runs);
        Assert.Empty(_device.IdentifyFails);
    }

    [Theory]
    [InlineData(DeviceFault.Contradiction, 1, 1)]
    [InlineData(DeviceFault.Fenced, 1, 1)]
    [InlineData(DeviceFault.Disconnected, DeviceRecovery.Most + 1, DeviceRecovery.Most + 1)]
    public async Task RunAsync_NoLossThatPasses_EndsTheCampaign(DeviceFault fault, int times, int runs)
    {
        await Assert.ThrowsAsync<CampaignException>(() => RunAsync(CampaignPhase.Validate, fault, times));
        Assert.Equal(runs, _steps[^1].Runs);
        Assert.Equal(DeviceState.Safe, _device.State);
    }

    [Fact]
    public async Task RunAsync_DeviceLostBeforeItSaysWhoItIs_IsMadeSafeAndClosedAndTheFailureNamesTheLoss()
    {
        _device.IdentifyFails.Enqueue(new DeviceException(DeviceFault.Disconnected, "unplugged while it was asked who it is"));
        var bench = new CountingBench(_device);
        CampaignState state = Campaigns.State(bench: bench);
        var runner = new CampaignRunner([new OpenStep(_time)], new FakeRecord(), _observer, _time, Recovery());

        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(() => runner.RunAsync(state, CancellationToken.None));

        Assert.Equal((ErrorReason.DeviceUnavailable, "open: unplugged while it was asked who it is"), (failure.Reason, failure.Message));
        Assert.Equal(1, bench.Opened);
        Assert.Equal((DeviceState.Safe, true), (_device.State, _device.IsDisposed));
    }

    [Fact]
    public async Task RunAsync_DeviceLostWhileItIsArmed_IsNotOpenedASecondTime()
    {
        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(() => RunAsync(CampaignPhase.Open, DeviceFault.Rebooted, times: 1));

        Assert.Equal("open: gone", failure.Message);
        Assert.Equal(1, _steps[0].Runs);
        Assert.Equal((DeviceState.Safe, true), (_device.State, _device.IsDisposed));
    }

    [Fact]
    public async Task RunAsync_AnotherDeviceAnswers_EndsTheCampaign()
    {
        _device.IdentifyFails.Enqueue(new DeviceException(DeviceFault.Contradiction, "device B answers where A was opened"));
        CampaignException failure = await Assert.ThrowsAsync<CampaignException>(() => RunAsync(CampaignPhase.Validate, DeviceFault.Disconnected, times: 1));
        Assert.Contains("device B answers", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DeviceLostWhileLearning_IsSaidBeforeTheStepEnds()
    {
        _steps = [new FakeStep(CampaignPhase.Learn, (_, _) =>
        {
            _device.Gone.SetResult(new DeviceException(DeviceFault.Disconnected, "hung up"));
            return _observer.Noted;
        })];
        await Runner().RunAsync(State(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("learn: device lost: hung up", Assert.Single(_observer.Notes));
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private async Task RunAsync(CampaignPhase lostIn, DeviceFault fault, int times, Action? lost = null)
    {
        int left = times;
        _steps = [.. Phases.Select(phase => new FakeStep(phase, (state, _) =>
        {
            if (phase == CampaignPhase.Push)
            {
                _device.Active = RedundancySettings.Unrepeated;
                state.Pushed = new PushRecord(RedundancySettings.Unrepeated.Hash(), "", 0);
            }

            if (phase == lostIn && left-- > 0)
            {
                lost?.Invoke();
                throw new DeviceException(fault, "gone");
            }

            return Task.CompletedTask;
        }))];
        await Runner().RunAsync(State(), CancellationToken.None);
    }

    private CampaignRunner Runner() =>
        new(_steps, new FakeRecord(), _observer, _time, Recovery());

    private DeviceRecovery Recovery() => new(TimeSpan.FromMinutes(1), _time);

    private CampaignState State()
    {
        CampaignState state = Campaigns.State(_device);
        state.Epoch = Epoch;
        state.Identity = new DeviceIdentity("FAKE-1", DeviceArchitecture.Crossbar, "fake 1", "schema", "boot");
        return state;
    }

    private sealed class CountingBench(IAnalogDevice device) : IBench
    {
        public string Name => "counted";

        public bool IsSimulated => false;

        public double? ProgrammingError => null;

        public int Opened { get; private set; }

        public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken)
        {
            Opened++;
            return ValueTask.FromResult(device);
        }
    }
}
