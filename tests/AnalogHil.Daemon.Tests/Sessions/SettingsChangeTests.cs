using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Audit;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Sessions;

/// <summary>Commits whose answer is lost: what the device holds decides.</summary>
public sealed class SettingsChangeTests : IAsyncLifetime
{
    private static readonly RedundancySettings Wanted = new([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [3])]);

    private SettingsBench _bench = null!;

    private SettingsDevice Device => _bench.Device;

    private LedgerStore Store => _bench.Store;

    private DeviceJournal Journal => _bench.Journal;

    private DeviceSession Session => _bench.Session;

    public async Task InitializeAsync()
    {
        _bench = await SettingsBench.OpenAsync();
        await SettingsChange.StageAsync(Session, Wanted, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task CommitAsync_AnswerArrives_IsInForceAndWrittenDown()
    {
        await CommitAsync();

        Assert.Equal(Wanted.Hash(), await ActiveHashAsync());
        Assert.Empty(Store.Journal.Unsettled());
        Assert.Contains(Store.Audit.List(), entry => entry.Action == "intent.new" && entry.Detail.Contains(DeviceJournal.CommitKind, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommitAsync_AnswerIsLostAfterTheEffect_Succeeds()
    {
        Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;

        await CommitAsync();
        Assert.Equal(Wanted.Hash(), await ActiveHashAsync());
    }

    [Fact]
    public async Task CommitAsync_LostBeforeTheEffect_IsTheDevicesErrorAndNothingStaysOpen()
    {
        Device.LosesAnswer = SettingsDevice.Loss.BeforeTheEffect;

        DeviceException failure = await Assert.ThrowsAsync<DeviceException>(CommitAsync);

        Assert.Equal(DeviceFault.Timeout, failure.Fault);
        Assert.Empty(Store.Journal.Unsettled());
    }

    [Fact]
    public async Task CommitAsync_DeviceIsSilentThen_IsUnknownUntilItWasReadBack()
    {
        Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        Device.IsSilent = true;

        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(CommitAsync);
        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        await Journal.SettleAsync(SettingsBench.Path);
        Assert.Single(Store.Journal.Unsettled());
        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => Journal.RequireSettledAsync(SettingsBench.Path));
        Assert.Equal(ErrorReason.OutcomeUnknown, refused.Reason);

        Device.IsSilent = false;
        await Journal.RequireSettledAsync(SettingsBench.Path);
        Assert.Empty(Store.Journal.Unsettled());
        Assert.Contains(Store.Audit.List(), entry => entry.Action == "intent.new");
    }

    [Theory]
    [InlineData(LedgerFault.Conflict, ErrorReason.Stale)]
    [InlineData(LedgerFault.Unwritable, ErrorReason.OutputUnwritable)]
    public async Task RequireSettledAsync_LedgerRefuses_HasTheReasonThatTheWireKnows(LedgerFault fault, ErrorReason reason)
    {
        var journal = new DeviceJournal(new RefusingJournal(fault), null!);

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => journal.RequireSettledAsync(SettingsBench.Path));

        Assert.Equal(reason, refused.Reason);
    }

    [Fact]
    public async Task RollBackAsync_AnswerArrives_IsWrittenDownWithWhatWasReadBack()
    {
        await CommitAsync();

        string active = await RollBackAsync();

        Assert.Equal(RedundancySettings.Unrepeated.Hash(), active);
        AuditEntry entry = Store.Audit.List()[^1];
        Assert.Equal("intent.new", entry.Action);
        Assert.Contains(DeviceJournal.RollBackKind, entry.Detail, StringComparison.Ordinal);
        Assert.Contains(active, entry.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "intent.new")]
    [InlineData(false, "intent.old")]
    public async Task RollBackAsync_AnswerIsLost_IsToldByReadingBack(bool isMade, string outcome)
    {
        await CommitAsync();
        var second = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [9])]);
        await SettingsChange.StageAsync(Session, second, CancellationToken.None);
        await SettingsChange.CommitAsync(Session, second.Hash(), ("uid:7", null), Journal);
        Device.LosesAnswer = isMade ? SettingsDevice.Loss.AfterTheEffect : SettingsDevice.Loss.BeforeTheEffect;

        string? active = null;
        Exception? failure = await Record.ExceptionAsync(async () => active = await RollBackAsync());

        Assert.Equal(isMade ? Wanted.Hash() : null, active);
        Assert.Equal(!isMade, failure is DeviceException { Fault: DeviceFault.Timeout });
        Assert.Equal((outcome, 0), (Store.Audit.List()[^1].Action, Store.Journal.Unsettled().Count));
    }

    [Fact]
    public async Task RollBackAsync_NothingToRollBack_IsTheDevicesRefusalAndNothingStaysOpen()
    {
        await CommitAsync();
        await RollBackAsync();

        DeviceException refused = await Assert.ThrowsAsync<DeviceException>(RollBackAsync);

        Assert.Equal((DeviceFault.InvalidRequest, 0), (refused.Fault, Store.Journal.Unsettled().Count));
    }

    [Fact]
    public async Task ProgramAsync_BreaksOff_IsUnknownAndBlocksTheBenchUntilAllIsProgrammedAgain()
    {
        Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(ProgramAsync);
        Device.LosesAnswer = SettingsDevice.Loss.Never;
        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        Assert.Contains("weights cannot be", unknown.Message, StringComparison.Ordinal);

        await Journal.SettleAsync(SettingsBench.Path);
        await SettingsChange.StageAsync(Session, Wanted, CancellationToken.None);
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(CommitAsync)).Fault);
        await ProgramAsync();

        Assert.Empty(Store.Journal.Unsettled());
        await SettingsChange.StageAsync(Session, Wanted, CancellationToken.None);
        await CommitAsync();
        Assert.Equal(Wanted.Hash(), await ActiveHashAsync());
    }

    [Fact]
    public async Task ProgramAsync_DeviceWasPoweredUpAnewMeanwhile_CountsAsNotMade()
    {
        Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        await Assert.ThrowsAsync<LedgerException>(ProgramAsync);

        Device.Boot = "another";
        await Journal.SettleAsync(SettingsBench.Path);

        Assert.Empty(Store.Journal.Unsettled());
        Assert.Equal("intent.old", Store.Audit.List()[^1].Action);
    }

    [Fact]
    public async Task JournaledDevice_LostAmidProgramming_FailsWithTheDevicesErrorAndIsWrittenDown()
    {
        var device = new JournaledDevice(DeviceChange.Of(Session, ("uid:7", null)), Journal);
        Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;

        DeviceException lost = await Assert.ThrowsAsync<DeviceException>(async () => await device.ProgramAsync(Blocks, CancellationToken.None));

        Assert.Equal(DeviceFault.Timeout, lost.Fault);
        Assert.Equal(DeviceJournal.ProgramKind, Assert.Single(Store.Journal.Unsettled()).Draft.Kind);
        Device.LosesAnswer = SettingsDevice.Loss.Never;
        await device.ProgramAsync(Blocks, CancellationToken.None);
        await device.StageAsync(Wanted, CancellationToken.None);
        await device.CommitAsync(Wanted.Hash(), CancellationToken.None);
        Assert.Empty(Store.Journal.Unsettled());
        Assert.Equal(
            [DeviceJournal.ProgramKind, DeviceJournal.ProgramKind, DeviceJournal.CommitKind],
            Store.Audit.List().Where(entry => entry.Action.StartsWith("intent.", StringComparison.Ordinal)).Select(entry => entry.Detail.Split(", ")[1]));
    }

    private static BlockProgram[] Blocks => [new BlockProgram(0, 1, 1, new float[] { 0.5f }, [new Placement(0, 0, 0)])];

    private Task ProgramAsync() => Journal.ProgramAsync(DeviceChange.Of(Session, ("uid:7", null)), Blocks);

    private Task<string> RollBackAsync() => SettingsChange.RollBackAsync(Session, ("uid:7", null), Journal);

    private Task CommitAsync() => SettingsChange.CommitAsync(Session, Wanted.Hash(), ("uid:7", null), Journal);

    private async Task<string> ActiveHashAsync() => (await Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None)).Hash();
}
