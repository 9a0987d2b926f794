using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>
/// Faults that no host brings about, as the host sees them. Neither arming nor making safe forgets them: a person with the epoch in force clears them.
/// </summary>
public sealed class LatchedFaultTests(ITestOutputHelper output) : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _deadline.Dispose();

    [FirmwareFact]
    public async Task DriveMeasuredOutsideItsLimits_OfAnArmedDevice_TurnsItOffUntilTheCauseIsGoneAndItIsCleared()
    {
        using var firmware = new FirmwareProcess("--watchdog", "60000");
        await using SerialDevice device = await OpenAsync(firmware);
        await device.ArmAsync(3, default);
        await device.ProgramAsync([new BlockProgram(0, 2, 2, new float[4], [default])], default);
        DeviceTelemetry armed = await device.ReadTelemetryAsync(default);
        Assert.Equal((DeviceState.Armed, null), (armed.State, armed.Fault));

        firmware.TurnSensor();
        DeviceTelemetry latched = await FaultedAsync(device);

        // Its drive is set to 0, but that is not what is measured: nobody can be told that it is off.
        Assert.Equal(("DriveLimit", 1.5, false), (latched.Fault, latched.Drive, latched.IsOff));
        await RefusedAsync(() => device.ExecuteAsync(new ExecuteRequest(0, 1, new float[2], new float[2]), default).AsTask(), "DriveLimit");
        await device.EnterSafeStateAsync(default);
        await RefusedAsync(() => device.ArmAsync(3, default).AsTask(), "DriveLimit");
        await RefusedAsync(() => device.ClearFaultAsync(3, default).AsTask(), "DriveLimit");

        firmware.TurnSensor();
        DeviceTelemetry mended;
        do
        {
            mended = await device.ReadTelemetryAsync(_deadline.Token);
        }
        while (mended.Drive > 0);

        Assert.Equal((DeviceState.Faulted, "DriveLimit", true), (mended.State, mended.Fault, mended.IsOff));
        await RefusedAsync(() => device.ArmAsync(3, default).AsTask(), "DriveLimit");
        DeviceException older = await Assert.ThrowsAsync<DeviceException>(() => device.ClearFaultAsync(2, default).AsTask());
        Assert.Equal(DeviceFault.Fenced, older.Fault);
        await WorksWhenClearedAsync(device);
    }

    [FirmwareFact]
    public async Task DriveMeasuredOutsideItsLimits_OfASafeDevice_LatchesToo()
    {
        using var firmware = new FirmwareProcess();
        await using SerialDevice device = await OpenAsync(firmware);
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);

        firmware.TurnSensor();
        DeviceTelemetry latched = await FaultedAsync(device);

        Assert.Equal(("DriveLimit", false), (latched.Fault, latched.IsOff));
        await RefusedAsync(() => device.ArmAsync(1, default).AsTask(), "DriveLimit");
    }

    [FirmwareFact]
    public async Task ProcessorException_OfAnArmedDevice_IsAnotherBootWithAFaultThatArmingDoesNotClear()
    {
        using var firmware = new FirmwareProcess("--watchdog", "60000");
        await using SerialDevice device = await OpenAsync(firmware);
        await device.ArmAsync(3, default);
        DeviceIdentity before = await device.IdentifyAsync(default);

        firmware.Crash();
        DeviceException loss = await device.Lost.WaitAsync(_deadline.Token);
        output.WriteLine(loss.Message);
        Assert.Equal(DeviceFault.Rebooted, loss.Fault);
        Assert.NotEqual(before.BootId, (await device.IdentifyAsync(default)).BootId);
        DeviceTelemetry latched = await device.ReadTelemetryAsync(default);

        Assert.Equal((DeviceState.Faulted, "Processor", true), (latched.State, latched.Fault, latched.IsOff));
        await RefusedAsync(() => device.ArmAsync(3, default).AsTask(), "Processor");
        await device.EnterSafeStateAsync(default);
        Assert.Equal("Processor", (await device.ReadTelemetryAsync(default)).Fault);
        await device.ClearFaultAsync(3, default);
        await device.ArmAsync(3, default);
        await device.ProgramAsync([new BlockProgram(0, 2, 2, new float[4], [default])], default);
        await WorksWhenClearedAsync(device);
    }

    private static async Task WorksWhenClearedAsync(SerialDevice device)
    {
        await device.ClearFaultAsync(3, default);
        await device.ArmAsync(3, default);
        Assert.Equal(2, (await device.ExecuteAsync(new ExecuteRequest(0, 1, new float[2], new float[2]), default)).Reads);
        DeviceTelemetry works = await device.ReadTelemetryAsync(default);
        Assert.Equal((DeviceState.Armed, null), (works.State, works.Fault));
    }

    private async Task RefusedAsync(Func<Task> asked, string fault)
    {
        DeviceException refused = await Assert.ThrowsAsync<DeviceException>(asked);
        output.WriteLine(refused.Message);
        Assert.Equal(DeviceFault.NotArmed, refused.Fault);
        Assert.Contains($"fault {fault} is latched", refused.Message, StringComparison.Ordinal);
        Assert.Contains("hil device clear-fault", refused.Message, StringComparison.Ordinal);
    }

    private async Task<DeviceTelemetry> FaultedAsync(SerialDevice device)
    {
        DeviceTelemetry now;
        do
        {
            now = await device.ReadTelemetryAsync(_deadline.Token);
        }
        while (now.State != DeviceState.Faulted);
        return now;
    }

    private static Task<SerialDevice> OpenAsync(FirmwareProcess firmware) =>
        SerialDevice.OpenAsync(TermiosPort.Open(firmware.Port, 921_600), new SerialDeviceOptions(), TimeProvider.System, default);
}
