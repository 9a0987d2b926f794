using System.Runtime.InteropServices;
using AnalogHil.Cli.Signals;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class InterruptsTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGHUP)]
    [InlineData(PosixSignal.SIGQUIT)]
    public void On_FirstSignalOnAClosedTerminal_RequestsTheStopAndKeepsTheProcess(PosixSignal signal)
    {
        using var interrupts = new Interrupts(_terminal.Terminal with { Error = new ClosedTerminal() });
        var context = new PosixSignalContext(signal);

        interrupts.On(context);

        Assert.True(interrupts.Requested.IsCancellationRequested);
        Assert.True(context.Cancel);
    }

    [Fact]
    public void On_FirstSignal_RequestsTheStopBeforeItPrints()
    {
        using var interrupts = new Interrupts(_terminal.Terminal);
        string printed = "nothing requested";
        using CancellationTokenRegistration asked = interrupts.Requested.Register(() => printed = _terminal.Error.ToString());

        interrupts.On(new PosixSignalContext(PosixSignal.SIGTERM));

        Assert.Empty(printed);
        Assert.Contains("made safe first", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void On_ThirdCtrlC_LeavesTheProcessToTheSystem()
    {
        using var interrupts = new Interrupts(_terminal.Terminal);

        bool[] kept = [.. Enumerable.Range(0, 3).Select(_ => Kept(interrupts, PosixSignal.SIGINT))];

        Assert.Equal([true, true, false], kept);
    }

    [Fact]
    public void On_RepeatedHangups_NeverEndTheProcess()
    {
        using var interrupts = new Interrupts(_terminal.Terminal);

        Assert.All(Enumerable.Range(0, 4), _ => Assert.True(Kept(interrupts, PosixSignal.SIGHUP)));
    }

    public void Dispose() => _terminal.Dispose();

    private static bool Kept(Interrupts interrupts, PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        interrupts.On(context);
        return context.Cancel;
    }

    private sealed class ClosedTerminal : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Input/output error");
    }
}
