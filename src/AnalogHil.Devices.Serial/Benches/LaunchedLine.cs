using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Benches;

/// <summary>The line to a program that emulates a device; closing the line ends the program, rebooting the device starts it anew.</summary>
internal sealed partial class LaunchedLine : IRebootableTransport
{
    /// <summary>Longest time from the start of the program to the name of its terminal.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ImmutableArray<string> _command;
    private readonly int _baud;
    private readonly TimeProvider _time;
    private readonly Lock _swapping = new();
    private Process _process;
    private TermiosPort _port;

    private LaunchedLine(ImmutableArray<string> command, int baud, TimeProvider time, Process process, TermiosPort port)
    {
        (_command, _baud, _time, _process, _port, Name) = (command, baud, time, process, port, port.Name);
    }

    /// <summary>The first terminal that the program named.</summary>
    public string Name { get; }

    /// <summary>Starts the program and opens the terminal that it prints.</summary>
    /// <param name="command">Program and arguments, with absolute paths.</param>
    /// <param name="baud">Rate of the line.</param>
    /// <param name="time">Clock of the limit.</param>
    /// <param name="cancellationToken">Ends the program again.</param>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Disconnected"/>: the program ended or named no terminal; holds what it said.</exception>
    public static async Task<LaunchedLine> StartAsync(ImmutableArray<string> command, int baud, TimeProvider time, CancellationToken cancellationToken)
    {
        (Process process, TermiosPort port) = await LaunchAsync(command, baud, time, cancellationToken).ConfigureAwait(false);
        return new LaunchedLine(command, baud, time, process, port);
    }

    /// <inheritdoc/>
    public void Reboot()
    {
        _port.Dispose();
        End(_process);
        (Process process, TermiosPort port) = LaunchAsync(_command, _baud, _time, CancellationToken.None).GetAwaiter().GetResult();
        lock (_swapping)
        {
            (_process, _port) = (process, port);
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer) => _port.Read(buffer);

    /// <inheritdoc/>
    public int Write(ReadOnlySpan<byte> bytes) => _port.Write(bytes);

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, bool forWriting) => _port.Wait(atMost, forWriting);

    /// <inheritdoc/>
    public void Wake()
    {
        lock (_swapping)
        {
            _port.Wake();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _port.Dispose();
        End(_process);
    }

    private static async Task<(Process Process, TermiosPort Port)> LaunchAsync(
        ImmutableArray<string> command, int baud, TimeProvider time, CancellationToken cancellationToken)
    {
        // In a session of its own: Ctrl-C in this program's terminal must not end the device before it is made safe.
        string[] words = LaunchedProgramFiles.IsOnPath("setsid") ? ["setsid", .. command] : [.. command];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new DeviceException(DeviceFault.Disconnected, $"{command[0]} cannot be started ({error.Message}); check that it is a program", error);
        }

        try
        {
            string terminal = await TerminalAsync(process, command[0], time, cancellationToken).ConfigureAwait(false);
            return (process, TermiosPort.Open(terminal, baud));
        }
        catch
        {
            End(process);
            throw;
        }
    }

    private static async Task<string> TerminalAsync(Process process, string program, TimeProvider time, CancellationToken cancellationToken)
    {
        var said = new List<string>();
        var named = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) => Note(said, line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            Note(said, line.Data);
            if (line.Data is null || Terminal().Match(line.Data) is { Success: true })
            {
                named.TrySetResult(line.Data is null ? null : Terminal().Match(line.Data).Value);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            return await named.Task.WaitAsync(StartLimit, time, cancellationToken).ConfigureAwait(false)
                ?? throw new DeviceException(DeviceFault.Disconnected, $"{program} ended before it named a terminal{Quote(said)}; correct its "
                    + "arguments in the bench file");
        }
        catch (TimeoutException)
        {
            throw new DeviceException(
                DeviceFault.Disconnected, $"{program} named no terminal within {StartLimit.TotalSeconds} s{Quote(said)}; start it by hand and "
                    + "see what it prints");
        }
    }

    private static void Note(List<string> said, string? line)
    {
        lock (said)
        {
            if (line is { Length: > 0 } && said.Count < 20)
            {
                said.Add(line);
            }
        }
    }

    private static string Quote(List<string> said)
    {
        lock (said)
        {
            return said.Count == 0 ? "" : $" and said: {string.Join(" | ", said)}";
        }
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    [GeneratedRegex(@"/dev/[^\s""']+")]
    private static partial Regex Terminal();
}
