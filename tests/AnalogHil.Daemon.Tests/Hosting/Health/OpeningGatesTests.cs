using AnalogHil.Daemon.Hosting.Health;

namespace AnalogHil.Daemon.Tests.Hosting.Health;

public sealed class OpeningGatesTests
{
    private const string Bench = "/benches/a.json";

    private readonly OpeningGates _gates = new();

    [Fact]
    public async Task EnterAsync_DuringAProbe_InterruptsItAndWaitsForItsEnd()
    {
        Assert.True(_gates.TryProbe(Bench, out IDisposable? probe, out CancellationToken interrupted));

        Task<IDisposable> user = _gates.EnterAsync(Bench, CancellationToken.None).AsTask();

        Assert.True(interrupted.IsCancellationRequested);
        Assert.False(user.IsCompleted);
        probe!.Dispose();
        using IDisposable entered = await user.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task TryProbe_WhileSomebodyOpens_GivesWay()
    {
        IDisposable user = await _gates.EnterAsync(Bench, CancellationToken.None);

        Assert.False(_gates.TryProbe(Bench, out _, out _));
        Assert.True(_gates.TryProbe("/benches/b.json", out IDisposable? other, out _));

        user.Dispose();
        user.Dispose();
        Assert.True(_gates.TryProbe(Bench, out IDisposable? probe, out _));
        Assert.False(_gates.TryProbe(Bench, out _, out _));
        probe!.Dispose();
        other!.Dispose();
    }
}
