using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Guarding;

public sealed class GuardedDeviceTests
{
    private static readonly BlockProgram Block = SimulatedBench.Block(0, 6, 4, (_, _) => 0.5f);

    [Theory]
    [InlineData(InjectedFault.DropReply, 1, 0)]
    [InlineData(InjectedFault.CorruptReply, 0, 1)]
    [InlineData(InjectedFault.NotANumber, 0, 1)]
    [InlineData(InjectedFault.ShortReply, 0, 1)]
    public async Task ExecuteAsync_FailureInPassing_IsRepeatedAndCounted(InjectedFault fault, int timeouts, int corrupt)
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(fault, 0));
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        Assert.Equal(40, reply.Reads);
        Assert.All(outputs, value => Assert.InRange(value, -5f, 11f));
        Assert.Equal(new GuardCounts(1, 1, timeouts, corrupt, 40, 0), device.Counts);
    }

    [Fact]
    public async Task ExecuteAsync_FailureThatStays_EndsAfterTheRetries()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.CorruptReply, [], 1, TimeSpan.Zero));
        DeviceException error = await FailsAsync(device, DeviceFault.CorruptReply);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Contains("failed 4 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, device.Counts.Retries);
    }

    [Fact]
    public async Task ExecuteAsync_WrongReadCount_IsAContradictionAndNotRepeated()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.WrongReadCount, 0));
        DeviceException error = await FailsAsync(device, DeviceFault.Contradiction);
        Assert.Contains("counts 39 reads, its settings ask for 40", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Counts.Retries);
    }

    [Fact]
    public async Task ExecuteAsync_Saturated_NamesTheRemedy()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.SaturatedReply, 0));
        DeviceException error = await FailsAsync(device, DeviceFault.Saturated);
        Assert.Contains("40 of 40 reads", error.Message, StringComparison.Ordinal);
        Assert.Contains("widen the converter's range", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_AfterReboot_SaysSoUntilArmedAndProgrammedAgain()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.Reboot, 0));
        await FailsAsync(device, DeviceFault.Rebooted);
        await FailsAsync(device, DeviceFault.Rebooted);
        await device.ArmAsync(1, default);
        await FailsAsync(device, DeviceFault.InvalidRequest);
        await device.ProgramAsync([Block], default);
        (_, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        Assert.Equal(40, reply.Reads);
    }

    [Fact]
    public async Task CommitAsync_AfterReboot_IsRebooted()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.Reboot, 0));
        await FailsAsync(device, DeviceFault.Rebooted);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(
            async () => await device.CommitAsync(RedundancySettings.Unrepeated.Hash(), default));
        Assert.Equal(DeviceFault.Rebooted, error.Fault);
    }

    [Fact]
    public async Task ExecuteAsync_Disconnected_IsNotRepeatedAndDisposalPasses()
    {
        GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.Disconnect, 0));
        await FailsAsync(device, DeviceFault.Disconnected);
        Assert.Equal(0, device.Counts.Retries);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task ExecuteAsync_ReplyLaterThanTheDeadline_TimesOutAndIsRepeated()
    {
        var time = new ManualTime();
        var late = new FaultRule(InjectedFault.LateReply, [0], 0, TimeSpan.FromSeconds(30));
        await using GuardedDevice device = await OpenAsync(time, late);
        Task<(float[] Outputs, ExecuteReply Reply)> pending = SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        Assert.False(pending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        (_, ExecuteReply reply) = await pending;
        Assert.Equal(40, reply.Reads);
        Assert.Equal(1, device.Counts.Timeouts);
    }

    [Fact]
    public async Task ExecuteAsync_LateWithinTheDeadline_Succeeds()
    {
        var time = new ManualTime();
        await using GuardedDevice device = await OpenAsync(time, new FaultRule(InjectedFault.LateReply, [0], 0, TimeSpan.FromSeconds(4)));
        Task<(float[] Outputs, ExecuteReply Reply)> pending = SimulatedBench.DriveAsync(device, Block, 10, _ => 1);
        await time.RunningAsync(2);
        time.Advance(TimeSpan.FromSeconds(4.5));
        await pending;
        Assert.Equal(0, device.Counts.Retries);
    }

    [Fact]
    public async Task ReadBackAsync_LyingDevice_IsSeenByTheHash()
    {
        await using GuardedDevice device = await OpenAsync(new FaultRule(InjectedFault.LyingReadBack, 0));
        var settings = new RedundancySettings([new BlockRedundancy(0, Core.Plans.RedundancyMode.ReadAndAverage, [4])]);
        await device.StageAsync(settings, default);
        Assert.NotEqual(settings.Hash(), (await device.ReadBackAsync(SettingsBank.Staged, default)).Hash());
        Assert.Equal(settings.Hash(), (await device.ReadBackAsync(SettingsBank.Staged, default)).Hash());
    }

    [Fact]
    public async Task ExecuteAsync_AfterCommitAndRollBack_ExpectsTheReadsOfTheBankInForce()
    {
        await using GuardedDevice device = await OpenAsync();
        await SimulatedBench.RepeatAsync(device, 0, 3);
        await SimulatedBench.RepeatAsync(device, 0, 1, 2, 3, 4);
        Assert.Equal(100, (await SimulatedBench.DriveAsync(device, Block, 10, _ => 1)).Reply.Reads);
        await device.RollBackAsync(default);
        Assert.Equal(120, (await SimulatedBench.DriveAsync(device, Block, 10, _ => 1)).Reply.Reads);
    }

    [Fact]
    public async Task EnterSafeStateAsync_WithACancelledToken_StillPasses()
    {
        await using GuardedDevice device = await OpenAsync();
        await device.EnterSafeStateAsync(new CancellationToken(canceled: true));
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
    }

    [Fact]
    public async Task DisposeAsync_Armed_MakesTheDeviceSafe()
    {
        var simulated = new SimulatedDevice(SimulatedBench.Options(new CrossbarPhysics(), 1));
        var watched = new SafetyWatch(simulated);
        var device = new GuardedDevice(watched, new GuardOptions(), TimeProvider.System);
        await device.ArmAsync(1, default);
        await device.DisposeAsync();
        await device.DisposeAsync();
        Assert.Equal(["safe", "disposed"], watched.Seen);
    }

    private static async Task<DeviceException> FailsAsync(IAnalogDevice device, DeviceFault fault)
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => SimulatedBench.DriveAsync(device, Block, 10, _ => 1));
        Assert.Equal(fault, error.Fault);
        return error;
    }

    private static Task<GuardedDevice> OpenAsync(params FaultRule[] rules) => OpenAsync(TimeProvider.System, rules);

    private static async Task<GuardedDevice> OpenAsync(TimeProvider time, params FaultRule[] rules)
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar), 1) with { AdcBits = 8, AdcFullScale = 32 };
        var faulty = new FaultyDevice(new SimulatedDevice(options), new FaultPlan(1, [.. rules]), time);
        var device = new GuardedDevice(faulty, new GuardOptions { Deadline = TimeSpan.FromSeconds(5) }, time);
        await device.ArmAsync(1, default);
        await device.ProgramAsync([Block], default);
        return device;
    }
}
