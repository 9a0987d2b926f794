using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Guarding;

/// <summary>Drivers that heed no token; the limits are 5 s for a call, 0.5 s to stop, 2 x 3 s to make safe.</summary>
public sealed class StuckDriverTests
{
    private static readonly BlockProgram Block = SimulatedBench.Block(0, 6, 4, (_, _) => 0.5f);
    private static readonly GuardOptions Limits = new() { Deadline = TimeSpan.FromSeconds(5), SafeDeadline = TimeSpan.FromSeconds(3) };

    private readonly ManualTime _time = new();

    [Fact]
    public async Task ExecuteAsync_InjectedHang_IsAbandonedAndRepeated()
    {
        var faulty = new FaultyDevice(Simulated(), new FaultPlan(1, [new FaultRule(InjectedFault.Hang, 0)]), _time);
        var driver = new StuckDriver(faulty);
        await using GuardedDevice device = await OpenAsync(driver);
        Task<(float[] Outputs, ExecuteReply Reply)> pending = SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        await PassDeadlineAsync(driver, "execute");
        Assert.Equal(40, (await pending).Reply.Reads);
        Assert.Equal(new GuardCounts(1, 1, 1, 0, 40, 0), device.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_LateWriteOfAnAbandonedCall_ReachesNobody(bool blocks)
    {
        var stuck = new StuckDriver(Simulated()) { Blocks = blocks };
        await using GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("execute");
        Task<(float[] Outputs, ExecuteReply Reply)> pending = SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        await stuck.BegunAsync("execute");
        _time.Advance(Limits.Deadline);
        await _time.RunningAsync(1);
        stuck.Stuck.Clear();
        _time.Advance(Limits.StopTime);
        (float[] outputs, _) = await pending;
        float[] seen = [.. outputs];
        stuck.Release();
        await stuck.LateWrite;
        Assert.Equal(seen, outputs);
        Assert.DoesNotContain(float.NaN, outputs);
    }

    [Fact]
    public async Task ExecuteAsync_DriverThatAnswersNothingMore_EndsAndRefusesUntilIdentified()
    {
        var stuck = new StuckDriver(Simulated());
        await using GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("everything");
        Task pending = SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        await PassDeadlineAsync(stuck, "execute");
        await PassDeadlineAsync(stuck, "identify");
        DeviceException timeout = await Assert.ThrowsAsync<DeviceException>(() => pending);
        Assert.Equal(DeviceFault.Timeout, timeout.Fault);
        Assert.Contains("execute: no answer within 5 s, and the driver did not stop", timeout.Message, StringComparison.Ordinal);

        stuck.Stuck.Clear();
        Func<Task>[] refused =
        [
            () => SimulatedBench.DriveAsync(device, Block, 10, _ => 1),
            async () => await device.ProgramAsync([Block], default),
            async () => await device.StageAsync(RedundancySettings.Unrepeated, default),
            async () => await device.ReadBackAsync(SettingsBank.Active, default),
            async () => await device.CommitAsync(RedundancySettings.Unrepeated.Hash(), default),
            async () => await device.RollBackAsync(default),
        ];
        foreach (Func<Task> call in refused)
        {
            DeviceException unknown = await Assert.ThrowsAsync<DeviceException>(call);
            Assert.Equal(DeviceFault.Disconnected, unknown.Fault);
            Assert.Contains("the state of the device is unknown; identify", unknown.Message, StringComparison.Ordinal);
        }

        await device.EnterSafeStateAsync(default);
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
        await device.ArmAsync(1, default);
        Assert.Equal(40, (await SimulatedBench.DriveAsync(device, Block, 10, _ => 1)).Reply.Reads);
    }

    [Fact]
    public async Task ProgramAsync_Abandoned_LosesWhatWasProgrammed()
    {
        var stuck = new StuckDriver(Simulated());
        await using GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("program");
        Task pending = device.ProgramAsync([Block], default).AsTask();
        await PassDeadlineAsync(stuck, "program");
        Assert.Equal(DeviceFault.Timeout, (await Assert.ThrowsAsync<DeviceException>(() => pending)).Fault);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => SimulatedBench.DriveAsync(device, Block, 10, _ => 1));
        Assert.Equal(DeviceFault.Contradiction, error.Fault);
        Assert.Contains("by a call that never ended; program it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_CancelledByTheCaller_EndsAfterTheTimeToStop()
    {
        var stuck = new StuckDriver(Simulated());
        await using GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("execute");
        using var caller = new CancellationTokenSource();
        Task pending = device.ExecuteAsync(new ExecuteRequest(0, 1, new float[6], new float[4]), caller.Token).AsTask();
        await stuck.BegunAsync("execute");
        await caller.CancelAsync();

        // The deadline of the call, and the time to stop.
        await _time.RunningAsync(2);
        Assert.False(pending.IsCompleted);
        _time.Advance(Limits.StopTime);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        DeviceException unknown = await Assert.ThrowsAsync<DeviceException>(() => SimulatedBench.DriveAsync(device, Block, 1, _ => 1));
        Assert.Equal(DeviceFault.Disconnected, unknown.Fault);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task EnterSafeStateAsync_StuckDriver_EndsAfterItsOwnDeadlines(bool cancelled, int attempts)
    {
        var stuck = new StuckDriver(Simulated());
        GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("make safe");
        Task pending = device.EnterSafeStateAsync(new CancellationToken(cancelled)).AsTask();
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            Assert.False(pending.IsCompleted);
            await PassSafeDeadlineAsync(stuck, "make safe");
        }

        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => pending);
        Assert.Contains("make safe: no answer within 3 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("guard.safeDeadlineSeconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(attempts, stuck.SafeAttempts);
        Assert.Equal(TimeSpan.FromSeconds(3 * attempts), _time.GetUtcNow() - DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DisposeAsync_StuckDriver_LeavesItBehind(bool blocks)
    {
        var stuck = new StuckDriver(Simulated()) { Blocks = blocks };
        GuardedDevice device = await OpenAsync(stuck);
        stuck.Stuck.Add("everything");
        Task pending = device.DisposeAsync().AsTask();
        foreach (string call in new[] { "make safe", "make safe", "close" })
        {
            Assert.False(pending.IsCompleted);
            await PassSafeDeadlineAsync(stuck, call);
        }

        await pending;
        Assert.Equal(2, stuck.SafeAttempts);
        stuck.Release();
    }

    [Fact]
    public void Options_Standard_MakeSafeWithinTenSeconds()
    {
        var standard = new GuardOptions();
        Assert.Equal(TimeSpan.FromSeconds(10), standard.SafeDeadline * standard.SafeAttempts);
    }

    private static SimulatedDevice Simulated() => new(
        SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar), 1) with { AdcBits = 8, AdcFullScale = 32 });

    private static async Task<GuardedDevice> ArmAsync(GuardedDevice device)
    {
        await device.ArmAsync(1, default);
        await device.ProgramAsync([Block], default);
        return device;
    }

    private Task<GuardedDevice> OpenAsync(IAnalogDevice driver) => ArmAsync(new GuardedDevice(driver, Limits, _time));

    private async Task PassDeadlineAsync(StuckDriver driver, string call)
    {
        await driver.BegunAsync(call);
        _time.Advance(Limits.Deadline);
        await _time.RunningAsync(1);
        _time.Advance(Limits.StopTime);
    }

    private async Task PassSafeDeadlineAsync(StuckDriver driver, string call)
    {
        await driver.BegunAsync(call);
        _time.Advance(Limits.SafeDeadline);
    }
}
