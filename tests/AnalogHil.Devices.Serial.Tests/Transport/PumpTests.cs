using System.Diagnostics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Transport;

/// <summary>The link over a real terminal to the real firmware.</summary>
public sealed class PumpTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [FirmwareFact]
    public async Task Commands_ToTheFirmware_AreAnswered()
    {
        using var firmware = new FirmwareProcess();
        using LinkPump pump = Open(firmware.Port);
        WireHelloAnswer answer = await pump.Answered.WaitAsync(Limit);
        Assert.Equal(WireHelloStatus.Ok, answer.Status);
        Assert.Equal(LinkSchema.ShortHash, answer.Schema);

        var identity = WireIdentity.Read((await SendAsync(pump, WireOpcode.Identify)).Body.Span);
        Assert.Equal("POSIX-0-3", identity.Uid);
        Assert.Equal(answer.Boot, identity.Boot);
        var declared = WireCapabilities.Read((await SendAsync(pump, WireOpcode.Capabilities)).Body.Span);
        Assert.Equal((64u, 64u, 64u), (declared.Rows, declared.Columns, declared.Tiles));

        byte[] body = new byte[480];
        var watch = Stopwatch.StartNew();
        Task<CommandReply>[] echoes = [.. Enumerable.Range(0, 2000).Select(_ => pump.SendAsync(WireOpcode.Echo, 0, body, WireChannel.Bulk, default))];
        foreach (CommandReply reply in await Task.WhenAll(echoes).WaitAsync(Limit))
        {
            Assert.Equal(body, reply.Body.ToArray());
        }

        output.WriteLine($"2000 echoes of 480 bytes each way in {watch.Elapsed.TotalMilliseconds:f0} ms, "
            + $"{pump.Ask(link => link.Counts.Retransmits)} sent again");
    }

    [FirmwareFact]
    public async Task Arming_UnderAnEpoch_IsFencedAndEndsWithTheWatchdog()
    {
        using var firmware = new FirmwareProcess();
        using LinkPump pump = Open(firmware.Port);
        Assert.Equal(WireStatus.EpochUnknown, (await SendAsync(pump, WireOpcode.Arm, 5)).Status);
        Assert.Equal(WireStatus.Ok, (await SendAsync(pump, WireOpcode.EstablishEpoch, 5)).Status);
        Assert.Equal(WireStatus.Ok, (await SendAsync(pump, WireOpcode.Arm, 5)).Status);
        CommandReply old = await SendAsync(pump, WireOpcode.KeepAlive, 4);
        Assert.Equal(WireStatus.Fenced, old.Status);
        Assert.Equal((4, 5), (old.Refusal.Value, old.Refusal.Limit));

        WireTelemetry telemetry;
        do
        {
            telemetry = WireTelemetry.Read((await SendAsync(pump, WireOpcode.Telemetry)).Body.Span);
        }
        while (telemetry.State == WireState.Armed);

        Assert.Equal((WireState.Faulted, WireFault.Watchdog), (telemetry.State, telemetry.Fault));
        Assert.Equal(WireStatus.Faulted, (await SendAsync(pump, WireOpcode.Arm, 5)).Status);

        // Safe turns the drive off and keeps the fault: whoever holds the epoch in force says that it may be forgotten.
        pump.MakeSafe();
        telemetry = WireTelemetry.Read((await SendAsync(pump, WireOpcode.Telemetry)).Body.Span);
        Assert.Equal((WireState.Faulted, WireFault.Watchdog), (telemetry.State, telemetry.Fault));
        Assert.Equal(WireStatus.Fenced, (await SendAsync(pump, WireOpcode.ClearFault, 4)).Status);
        Assert.Equal(WireStatus.Ok, (await SendAsync(pump, WireOpcode.ClearFault, 5)).Status);
        telemetry = WireTelemetry.Read((await SendAsync(pump, WireOpcode.Telemetry)).Body.Span);
        Assert.Equal((WireState.Safe, WireFault.None), (telemetry.State, telemetry.Fault));
    }

    [FirmwareFact]
    public async Task Reboot_OfTheFirmware_IsToldByItsBootId()
    {
        using var firmware = new FirmwareProcess();
        using LinkPump pump = Open(firmware.Port);
        await SendAsync(pump, WireOpcode.EstablishEpoch, 5);
        ulong before = pump.Ask(link => link.Answer!.Value.Boot);
        Assert.Equal(WireStatus.Ok, (await SendAsync(pump, WireOpcode.Reboot, 5)).Status);

        // A command that is open at the reboot fails; where none is, the new boot id is what tells.
        while (pump.Ask(link => link.Answer?.Boot ?? before) == before)
        {
            try
            {
                await SendAsync(pump, WireOpcode.Telemetry);
            }
            catch (DeviceException error)
            {
                Assert.Equal(DeviceFault.Rebooted, error.Fault);
            }
        }

        Assert.Equal(WireStatus.EpochUnknown, (await SendAsync(pump, WireOpcode.Arm, 5)).Status);
        Assert.Equal(WireStatus.Fenced, (await SendAsync(pump, WireOpcode.EstablishEpoch, 4)).Status);
    }

    [FirmwareFact]
    public async Task Unplugging_WithCommandsOpen_FailsThemAsDisconnected()
    {
        using var firmware = new FirmwareProcess();
        using LinkPump pump = Open(firmware.Port);
        await SendAsync(pump, WireOpcode.Identify);
        firmware.Kill();
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => SendAsync(pump, WireOpcode.Telemetry));
        Assert.Equal(DeviceFault.Disconnected, error.Fault);
        Assert.Contains(firmware.Port, error.Message, StringComparison.Ordinal);
    }

    [FirmwareFact]
    public void Open_ATerminalInUse_IsRefused()
    {
        using var firmware = new FirmwareProcess();
        using var first = TermiosPort.Open(firmware.Port, 921_600);
        DeviceException error = Assert.Throws<DeviceException>(() => TermiosPort.Open(firmware.Port, 921_600));
        Assert.Equal(DeviceFault.Disconnected, error.Fault);
        output.WriteLine(error.Message);
    }

    [Theory]
    [InlineData("/dev/no-such-terminal", 921_600)]
    [InlineData("/dev/null", 921_600)]
    public void Open_WhatIsNoTerminal_IsRefused(string path, int baud)
    {
        DeviceException error = Assert.Throws<DeviceException>(() => TermiosPort.Open(path, baud));
        Assert.Equal(DeviceFault.Disconnected, error.Fault);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static LinkPump Open(string port) => new(TermiosPort.Open(port, 921_600), 77, TimeProvider.System);

    private static Task<CommandReply> SendAsync(LinkPump pump, WireOpcode opcode, long epoch = 0) =>
        pump.SendAsync(opcode, epoch, [], WireChannel.Control, default).WaitAsync(Limit);
}
