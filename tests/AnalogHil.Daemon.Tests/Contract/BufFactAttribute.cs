namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>A test that needs buf; skipped, and said so, where neither it nor npm is installed.</summary>
internal sealed class BufFactAttribute : FactAttribute
{
    public BufFactAttribute() => Skip = Buf.Absent;
}
