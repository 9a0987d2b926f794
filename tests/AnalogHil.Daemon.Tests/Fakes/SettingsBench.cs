using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A bench with a <see cref="SettingsDevice"/>, open and armed, and the journal of its changes.</summary>
internal sealed class SettingsBench : IAsyncDisposable
{
    public const string Path = "/b.json";

    private readonly TemporaryDirectory _directory = new();
    private readonly DeviceRoll _roll = new(TimeProvider.System);

    private SettingsBench()
    {
        Store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"] });
        Journal = new DeviceJournal(
            Store.Journal,
            new DeviceReconciler(_roll, new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/nowhere" }, TimeProvider.System));
    }

    public SettingsDevice Device { get; } = new();

    public LedgerStore Store { get; }

    public DeviceJournal Journal { get; }

    public DeviceSession Session { get; private set; } = null!;

    public static async Task<SettingsBench> OpenAsync()
    {
        var bench = new SettingsBench();
        AttendedDevice device = await bench._roll.OpenAsync(Path, new OneBench(bench.Device), 1, CancellationToken.None);
        await device.ArmAsync(7, CancellationToken.None);
        bench.Session = new DeviceSession(Path, device, new Nothing());
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        Store.Dispose();
        _directory.Dispose();
    }

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
