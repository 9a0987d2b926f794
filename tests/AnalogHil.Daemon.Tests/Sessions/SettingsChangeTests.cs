using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;

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
    private readonly SettingsJournal _journal;
    private DeviceSession _session = null!;

    public SettingsChangeTests()
    {
        _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"] });
        _journal = new SettingsJournal(_store.Journal, new SettingsReconciler(_roll, new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/nowhere" }, TimeProvider.System));
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
        Assert.Contains(_store.Audit.List(), entry => entry.Action == "intent.new" && entry.Detail.Contains(SettingsJournal.Kind, StringComparison.Ordinal));
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

        _device.IsSilent = false;
        await _journal.SettleAsync("/b.json");
        Assert.Empty(_store.Journal.Unsettled());
        Assert.Contains(_store.Audit.List(), entry => entry.Action == "intent.new");
    }

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
