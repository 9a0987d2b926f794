using System.Runtime.InteropServices;

namespace AnalogHil.Devices.Serial.Transport;

/// <summary>Calls and numbers of Linux that a terminal needs (asm-generic: x86-64, arm64, riscv64).</summary>
internal static partial class LibC
{
    public const int ReadWriteNoTerminalNonBlockingCloseOnExec = 0x2 | 0x100 | 0x800 | 0x80000;
    public const int LockExclusiveNonBlocking = 2 | 4;
    public const int EventNonBlockingCloseOnExec = 0x800 | 0x80000;
    public const nuint TakeExclusively = 0x540C; // TIOCEXCL
    public const int ApplyNow = 0; // TCSANOW
    public const int DropBoth = 2; // TCIOFLUSH
    public const short Readable = 1;
    public const short Writable = 4;
    public const short Broken = 8 | 16 | 32; // POLLERR, POLLHUP, POLLNVAL
    public const int Interrupted = 4;
    public const int TryAgain = 11;

    /// <summary>More than any struct termios.</summary>
    public const int TermiosSize = 256;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int Event(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static unsafe partial int GetAttributes(int descriptor, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static unsafe partial int SetAttributes(int descriptor, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(int descriptor, int which);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static unsafe partial void MakeRaw(byte* termios);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    public static unsafe partial int SetSpeed(byte* termios, uint speed);
}
