using System.Diagnostics;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>Counts the writes of a process, to the ledger and to the device, and ends it with SIGKILL at the one it was told.</summary>
internal sealed class CrashPoints(CrashOrder order) : ICommitWatcher
{
    private readonly string _wal = Path.Combine(order.Directory, "ledger.sqlite-wal");
    private int _next;
    private long _walBefore;

    public void BeforeCommit(string point)
    {
        Die(CrashMode.Before);
        _walBefore = WalLength;
    }

    public void AfterCommit(string point)
    {
        if (IsHere && order.How == CrashMode.Torn)
        {
            // What a power cut amid the write leaves: the head of what this commit appended, and nobody was told of it.
            long grown = WalLength - _walBefore;
            using (var wal = new FileStream(_wal, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                wal.SetLength(_walBefore + (long)(grown * order.Tear));
                wal.Flush(flushToDisk: true);
            }

            Kill();
        }

        Die(CrashMode.After);
        Report(point);
    }

    /// <summary>A write to the device, in two parts.</summary>
    public void Device(string point, Action first, Action second)
    {
        Die(CrashMode.Before);
        first();
        Die(CrashMode.Torn);
        second();
        Die(CrashMode.After);
        Report(point);
    }

    private bool IsHere => _next == order.Point;

    private long WalLength => new FileInfo(_wal) is { Exists: true } file ? file.Length : 0;

    private void Report(string point)
    {
        Console.Out.WriteLine($"point {_next} {point}");
        _next++;
    }

    private void Die(CrashMode mode)
    {
        if (IsHere && order.How == mode)
        {
            Kill();
        }
    }

    private static void Kill()
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
