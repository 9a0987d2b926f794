namespace AnalogHil.Ledger.Tests.Fakes;

/// <summary>A ledger in a directory of its own, which can be closed and opened again.</summary>
internal sealed class LedgerFolder : IDisposable
{
    private LedgerStore? _store;

    public LedgerFolder(TimeProvider? time = null) => Time = time ?? new ManualTime();

    public string Path { get; } = Directory.CreateTempSubdirectory("hil-ledger-").FullName;

    public TimeProvider Time { get; }

    public ManualTime Clock => (ManualTime)Time;

    public LedgerOptions Options => new() { Directory = Path, Time = Time };

    public string DatabaseFile => System.IO.Path.Combine(Path, "ledger.sqlite");

    public LedgerStore Store => _store ??= LedgerStore.Open(Options);

    public LedgerStore Reopen()
    {
        Close();
        return Store;
    }

    public void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Path, recursive: true);
    }
}
