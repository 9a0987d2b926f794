using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AnalogHil.Daemon.Tests.Hosting.Supervision;

public sealed class SupervisionTests : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly ProgressBoard _board;
    private readonly FakeManager _manager = new(watchdog: TimeSpan.FromSeconds(20));
    private readonly NotifySocket _socket;
    private readonly Watchdog _watchdog;

    public SupervisionTests()
    {
        _board = new ProgressBoard(_time);
        _socket = new NotifySocket(_manager.Manager);
        _watchdog = new Watchdog(_socket, _board, _time, NullLogger<Watchdog>.Instance);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("analoghil-test-notify")]
    public async Task Ready_PathOrAbstractName_Arrives(string? name)
    {
        using var manager = new FakeManager(name is null ? null : $"{name}-{Guid.NewGuid():N}");
        using var socket = new NotifySocket(manager.Manager);

        socket.Ready("serving on\n/run/hil.sock");

        Assert.Equal("READY=1\nSTATUS=serving on /run/hil.sock", await manager.NextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nowhere/notify")]
    [InlineData("vsock:2:1234")]
    public void Ready_NobodyThere_IsNoError(string? address)
    {
        using var socket = new NotifySocket(new ServiceManager(address, null));

        socket.Ready("serving");
        socket.Alive();
    }

    [Fact]
    public async Task Look_WorkGetsOn_FeedsOnceForEachStep()
    {
        using WorkInProgress work = _board.Begin("operations/1", TimeSpan.FromMinutes(1));
        work.Advance();

        _watchdog.Look();
        _watchdog.Look();
        _watchdog.Look();

        Assert.Equal("WATCHDOG=1", await _manager.NextAsync());
        Assert.False(_manager.HasMore);
        work.Advance();
        _watchdog.Look();
        Assert.Equal((2, "WATCHDOG=1"), (_watchdog.Fed, await _manager.NextAsync()));
    }

    [Fact]
    public async Task Look_OneStuckBesideOthersThatGetOn_IsNotFed()
    {
        using WorkInProgress good = _board.Begin("operations/1", TimeSpan.FromMinutes(10));
        WorkInProgress stuck = _board.Begin("crossbar: execute", TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(61));
        good.Advance();

        _watchdog.Look();
        _watchdog.Look();

        Assert.Equal(0, _watchdog.Fed);
        Assert.Equal("STATUS=stuck: crossbar: execute, silent for 61 s", await _manager.NextAsync());
        Assert.False(_manager.HasMore);

        stuck.Dispose();
        _watchdog.Look();

        Assert.Equal("STATUS=serving", await _manager.NextAsync());
        Assert.Equal("WATCHDOG=1", await _manager.NextAsync());
    }

    [Fact]
    public async Task Run_StuckWorker_StopsTheSignsOfLifeWhileTheTimerGoesOn()
    {
        using WorkInProgress work = _board.Begin("operations/1", TimeSpan.FromSeconds(30));
        await _watchdog.StartAsync(CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => _time.Timers > 0, TimeSpan.FromSeconds(30)));
        work.Advance();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("WATCHDOG=1", await _manager.NextAsync());

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.StartsWith("STATUS=stuck: operations/1", await _manager.NextAsync(), StringComparison.Ordinal);
        await _watchdog.StopAsync(CancellationToken.None);
        Assert.Equal(1, _watchdog.Fed);
    }

    [Fact]
    public async Task Daemon_UnderAManager_IsReadyThenLivesByItsOwnAnswersThenStops()
    {
        // Of the clock on the wall: long enough that a machine which is busy with other tests does not look like a stuck daemon.
        using var manager = new FakeManager(watchdog: TimeSpan.FromSeconds(10));

        await using (TestHost host = await TestHost.StartAsync(options => options with { ServiceManager = manager.Manager }))
        {
            Assert.Equal($"READY=1\nSTATUS=serving on {host.Host.SocketPath}", await manager.NextAsync());
            Assert.Equal("WATCHDOG=1", await manager.NextAsync());
            Assert.Equal("WATCHDOG=1", await manager.NextAsync());
        }

        Assert.StartsWith("STOPPING=1", await manager.NextAsync("STOPPING"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _socket.Dispose();
        _manager.Dispose();
    }
}
