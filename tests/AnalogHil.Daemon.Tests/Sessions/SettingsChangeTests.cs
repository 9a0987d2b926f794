using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Audit;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Sessions;

/// <summary>Commits whose answer is lost: what the device holds decides.</summary>
#pragma warning disable CA1001 // Freed in DisposeAsync, which the test runner calls.
public sealed class SettingsChangeTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly RedundancySettings Wanted = new([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [3])]);

    private readonly TemporaryDirectory _directory = new();
    private readonly LedgerStore _store;
    private readonly DeviceRoll _roll = new(TimeProvider.System);
    private readonly SettingsDevice _device = new();
    private readonly DeviceJournal _journal;
    private DeviceSession _session = null!;

    public SettingsChangeTests()
    {
        _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"] });
        _journal = new DeviceJournal(
            _store.Journal,
            new DeviceReconciler(_roll, new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/nowhere" }, TimeProvider.System));
    }

    public async Task InitializeAsync()
    {
        AttendedDevice device = await _roll.OpenAsync("/b.json", new OneBench(_device), 1, CancellationToken.None);
        await device.ArmAsync(7, CancellationToken.None);
        _session = new DeviceSession("/b.json", device, new Nothing());
        await SettingsChange.StageAsync(_session, Wanted, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task CommitAsync_AnswerArrives_IsInForceAndWrittenDown()
    {
        RedundancySettings active = await CommitAsync();

        Assert.Equal(Wanted.Hash(), active.Hash());
        Assert.Empty(_store.Journal.Unsettled());
        Assert.Contains(_store.Audit.List(), entry => entry.Action == "intent.new" && entry.Detail.Contains(DeviceJournal.CommitKind, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommitAsync_AnswerIsLostAfterTheEffect_Succeeds()
    {
        _device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;

        Assert.Equal(Wanted.Hash(), (await CommitAsync()).Hash());
    }

    [Fact]
    public async Task CommitAsync_LostBeforeTheEffect_IsTheDevicesErrorAndNothingStaysOpen()
    {
        _device.LosesAnswer = SettingsDevice.Loss.BeforeTheEffect;

        DeviceException failure = await Assert.ThrowsAsync<DeviceException>(CommitAsync);

        Assert.Equal(DeviceFault.Timeout, failure.Fault);
        Assert.Empty(_store.Journal.Unsettled());
    }

    [Fact]
    public async Task CommitAsync_DeviceIsSilentThen_IsUnknownUntilItWasReadBack()
    {
        _device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        _device.IsSilent = true;

        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(CommitAsync);
        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        await _journal.SettleAsync("/b.json");
        Assert.Single(_store.Journal.Unsettled());
        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => _journal.RequireSettledAsync("/b.json"));
        Assert.Equal(ErrorReason.OutcomeUnknown, refused.Reason);

        _device.IsSilent = false;
        await _journal.RequireSettledAsync("/b.json");
        Assert.Empty(_store.Journal.Unsettled());
        Assert.Contains(_store.Audit.List(), entry => entry.Action == "intent.new");
    }

    [Fact]
    public async Task RollBackAsync_AnswerArrives_IsWrittenDownWithWhatWasReadBack()
    {
        await CommitAsync();

        RedundancySettings active = await RollBackAsync();

        Assert.Equal(RedundancySettings.Unrepeated.Hash(), active.Hash());
        AuditEntry entry = _store.Audit.List()[^1];
        Assert.Equal("intent.new", entry.Action);
        Assert.Contains(DeviceJournal.RollBackKind, entry.Detail, StringComparison.Ordinal);
        Assert.Contains(active.Hash(), entry.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "intent.new")]
    [InlineData(false, "intent.old")]
    public async Task RollBackAsync_AnswerIsLost_IsToldByReadingBack(bool isMade, string outcome)
    {
        await CommitAsync();
        var second = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [9])]);
        await SettingsChange.StageAsync(_session, second, CancellationToken.None);
        await SettingsChange.CommitAsync(_session, second.Hash(), ("uid:7", null), _journal);
        _device.LosesAnswer = isMade ? SettingsDevice.Loss.AfterTheEffect : SettingsDevice.Loss.BeforeTheEffect;

        RedundancySettings? active = null;
        Exception? failure = await Record.ExceptionAsync(async () => active = await RollBackAsync());

        Assert.Equal(isMade ? Wanted.Hash() : null, active?.Hash());
        Assert.Equal(!isMade, failure is DeviceException { Fault: DeviceFault.Timeout });
        Assert.Equal((outcome, 0), (_store.Audit.List()[^1].Action, _store.Journal.Unsettled().Count));
    }

    [Fact]
    public async Task RollBackAsync_NothingToRollBack_IsTheDevicesRefusalAndNothingStaysOpen()
    {
        await CommitAsync();
        await RollBackAsync();

        DeviceException refused = await Assert.ThrowsAsync<DeviceException>(RollBackAsync);

        Assert.Equal((DeviceFault.InvalidRequest, 0), (refused.Fault, _store.Journal.Unsettled().Count));
    }

    [Fact]
    public async Task ProgramAsync_BreaksOff_IsUnknownAndBlocksTheBenchUntilAllIsProgrammedAgain()
    {
        _device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(ProgramAsync);
        _device.LosesAnswer = SettingsDevice.Loss.Never;
        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        Assert.Contains("weights cannot be", unknown.Message, StringComparison.Ordinal);

        await _journal.SettleAsync("/b.json");
        await SettingsChange.StageAsync(_session, Wanted, CancellationToken.None);
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(CommitAsync)).Fault);
        await ProgramAsync();

        Assert.Empty(_store.Journal.Unsettled());
        await SettingsChange.StageAsync(_session, Wanted, CancellationToken.None);
        Assert.Equal(Wanted.Hash(), (await CommitAsync()).Hash());
    }

    [Fact]
    public async Task ProgramAsync_DeviceWasPoweredUpAnewMeanwhile_CountsAsNotMade()
    {
        _device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        await Assert.ThrowsAsync<LedgerException>(ProgramAsync);

        _device.Boot = "another";
        await _journal.SettleAsync("/b.json");

        Assert.Empty(_store.Journal.Unsettled());
        Assert.Equal("intent.old", _store.Audit.List()[^1].Action);
    }

    [Fact]
    public async Task JournaledDevice_LostAmidProgramming_FailsWithTheDevicesErrorAndIsWrittenDown()
    {
        var device = new JournaledDevice(DeviceChange.Of(_session, ("uid:7", null)), _journal);
        _device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;

        DeviceException lost = await Assert.ThrowsAsync<DeviceException>(async () => await device.ProgramAsync(Blocks, CancellationToken.None));

        Assert.Equal(DeviceFault.Timeout, lost.Fault);
        Assert.Equal(DeviceJournal.ProgramKind, Assert.Single(_store.Journal.Unsettled()).Draft.Kind);
        _device.LosesAnswer = SettingsDevice.Loss.Never;
        await device.ProgramAsync(Blocks, CancellationToken.None);
        await device.StageAsync(Wanted, CancellationToken.None);
        await device.CommitAsync(Wanted.Hash(), CancellationToken.None);
        Assert.Empty(_store.Journal.Unsettled());
        Assert.Equal(
            [DeviceJournal.ProgramKind, DeviceJournal.ProgramKind, DeviceJournal.CommitKind],
            _store.Audit.List().Where(entry => entry.Action.StartsWith("intent.", StringComparison.Ordinal)).Select(entry => entry.Detail.Split(", ")[1]));
    }

    private static BlockProgram[] Blocks => [new BlockProgram(0, 1, 1, new float[] { 0.5f }, [new Placement(0, 0, 0)])];

    private Task ProgramAsync() => _journal.ProgramAsync(DeviceChange.Of(_session, ("uid:7", null)), Blocks);

    private Task<RedundancySettings> RollBackAsync() => SettingsChange.RollBackAsync(_session, ("uid:7", null), _journal);

    private Task<RedundancySettings> CommitAsync() => SettingsChange.CommitAsync(_session, Wanted.Hash(), ("uid:7", null), _journal);

    private sealed class OneBench(IAnalogDevice device) : IBench
    {
        public string Name => "b";

        public bool IsSimulated => true;

        public double? ProgrammingError => null;

        public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) => ValueTask.FromResult(device);
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // A bench that nobody else wants.
        }
    }
}
