using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Sessions;

/// <summary>Arming while the lease it stands on is being broken.</summary>
public sealed class DeviceArmingTests : IAsyncDisposable
{
    private readonly FakeDevice _device = new();
    private readonly TaskCompletionSource _opened = new();
    private readonly TaskCompletionSource _opening = new();
    private readonly DeviceSessions _sessions;
    private readonly string _path = Repository.Find("config/benches/crossbar.json");

    public DeviceArmingTests()
    {
        var roll = new DeviceRoll(TimeProvider.System)
        {
            Opener = async (_, _, _, _) =>
            {
                _opening.SetResult();
                await _opened.Task;
                return _device;
            },
        };
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = Path.GetDirectoryName(_path)! };
        _sessions = new DeviceSessions(roll, new BenchLedger(), options, TimeProvider.System);
    }

    [Fact]
    public async Task RunAsync_LeaseHolds_ArmsWithItsEpoch()
    {
        _opened.SetResult();
        await new DeviceArming(_sessions, _path, 7, CancellationToken.None).RunAsync(CancellationToken.None);

        Assert.Equal([7L], _device.Epochs);
        Assert.Equal(DeviceState.Armed, _device.State);
        await _sessions.CloseAsync(_path);
    }

    [Fact]
    public async Task RunAsync_LeaseBrokenWhileTheDeviceIsOpened_LeavesItSafeAndClosed()
    {
        using var broken = new CancellationTokenSource();
        Task arming = new DeviceArming(_sessions, _path, 7, broken.Token).RunAsync(CancellationToken.None);
        await _opening.Task;

        // What a break does: tells, then closes, which waits for the opening.
        await broken.CancelAsync();
        Task closing = _sessions.CloseAsync(_path);
        _opened.SetResult();
        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => arming);
        await closing;

        Assert.Equal(ErrorReason.LeaseRequired, refused.Reason);
        Assert.Equal(DeviceState.Safe, _device.State);
        Assert.Empty(_device.Epochs);
        Assert.True(_device.IsDisposed);
        Assert.False(_sessions.TryGet(_path, out _));
    }

    [Fact]
    public async Task RunAsync_LeaseBrokenAtTheMomentOfArming_LeavesItSafeAndClosed()
    {
        using var broken = new CancellationTokenSource();
        _opened.SetResult();
        _device.Arming = broken.Cancel;

        await Assert.ThrowsAsync<CampaignException>(() => new DeviceArming(_sessions, _path, 7, broken.Token).RunAsync(CancellationToken.None));

        Assert.Equal([7L], _device.Epochs);
        Assert.Equal(DeviceState.Safe, _device.State);
        Assert.False(_sessions.TryGet(_path, out _));
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
