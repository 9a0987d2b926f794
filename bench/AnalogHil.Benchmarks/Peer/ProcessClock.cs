using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AnalogHil.Benchmarks.Peer;

/// <summary>Seconds of processor time of all threads of this process, and of the wall clock.</summary>
internal readonly partial struct ProcessClock
{
    private const int ProcessTime = 2;
    private readonly double _processor;
    private readonly long _wall;

    private ProcessClock(double processor, long wall)
    {
        _processor = processor;
        _wall = wall;
    }

    public static ProcessClock Start() => new(Processor(), Stopwatch.GetTimestamp());

    public (double Processor, double Wall) Elapsed() => (Processor() - _processor, Stopwatch.GetElapsedTime(_wall).TotalSeconds);

    // .NET's own figure counts ticks of 10 ms.
    private static double Processor() => GetTime(ProcessTime, out Time time) == 0
        ? time.Seconds + 1e-9 * time.Nanoseconds
        : throw new InvalidOperationException($"the processor time of this process cannot be read (error {Marshal.GetLastPInvokeError()}); run on Linux");

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
