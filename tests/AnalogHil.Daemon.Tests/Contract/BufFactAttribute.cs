namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>A test that needs buf; skipped, and said so, where npm cannot get it.</summary>
internal sealed class BufFactAttribute : FactAttribute
{
    public BufFactAttribute() => Skip = Buf.Missing;
}
