using System.Diagnostics;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>A device that is lost while it is armed: how soon that is noticed, and what is found when it is identified again.</summary>
public sealed class LostDeviceTests(ITestOutputHelper output) : IDisposable
{
    private static readonly RedundancySettings Wanted = new([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [3])]);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    private string Link => Path.Combine(_directory.FullName, "tty");

    [FirmwareFact]
    public async Task Unplugged_AndPluggedInAgain_HasWhatWasCommitted()
    {
        using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "5000");
        await using SerialDevice device = await OpenAsync();
        DeviceIdentity before = await PutInForceAsync(device);

        DeviceException loss = await LoseAsync(device, firmware.Replug, "unplugged");
        Assert.Equal(DeviceFault.Disconnected, loss.Fault);
        DeviceIdentity after = await BackAsync(device);

        Assert.Equal(before, after);
        await device.ArmAsync(2, default);
        Assert.Equal(Wanted.Hash(), (await device.ReadBackAsync(SettingsBank.Active, default)).Hash());
        Assert.Equal(16 * 4 * 3, (await ReadAsync(device)).Reply.Reads);
    }

    [FirmwareFact]
    public async Task Killed_AndStartedAgain_IsTheSameIndividualEmptyAndWithFreshNoise()
    {
        using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "5000");
        await using SerialDevice device = await OpenAsync();
        DeviceIdentity before = await PutInForceAsync(device);
        float[] first = (await ReadAsync(device)).Outputs;

        await LoseAsync(device, firmware.Restart, "killed");
        DeviceIdentity after = await BackAsync(device);

        Assert.Equal(before.Uid, after.Uid);
        Assert.NotEqual(before.BootId, after.BootId);
        await device.ArmAsync(2, default);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), (await device.ReadBackAsync(SettingsBank.Active, default)).Hash());
        await PutInForceAsync(device, 2);
        float[] second = (await ReadAsync(device)).Outputs;
        int same = first.Zip(second).Count(pair => pair.First == pair.Second);
        output.WriteLine($"{same} of {first.Length} means of 3 reads are the same after the reboot");
        Assert.True(same < first.Length / 2);
    }

    [FirmwareFact]
    public async Task Reset_BehindALineThatStays_IsNoticedBetweenCalls()
    {
        using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "5000");
        await using SerialDevice device = await OpenAsync();
        DeviceIdentity before = await PutInForceAsync(device);

        DeviceException loss = await LoseAsync(device, firmware.Reset, "reset");

        Assert.Equal(DeviceFault.Rebooted, loss.Fault);
        Assert.NotEqual(before.BootId, (await BackAsync(device)).BootId);

        // Identified again, it is lost anew behind the same line.
        await PutInForceAsync(device, 2);
        Assert.Equal(DeviceFault.Rebooted, (await LoseAsync(device, firmware.Reset, "reset again")).Fault);
    }

    [FirmwareFact]
    public async Task Frozen_WithoutAHangUp_IsGoneAfterItsLongestSilence()
    {
        using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "5000");
        await using SerialDevice device = await OpenAsync();
        await PutInForceAsync(device);

        DeviceException loss = await LoseAsync(device, firmware.Freeze, "frozen");

        Assert.Equal(DeviceFault.Disconnected, loss.Fault);
        Assert.Contains("longest silence is 700 ms", loss.Message, StringComparison.Ordinal);
        Assert.Equal(DeviceFault.Disconnected, (await Assert.ThrowsAsync<DeviceException>(() => ReadAsync(device))).Fault);
    }

    /// <summary>Figures for docs/link.md: what bounds them is proved in virtual time, by <see cref="Link.LossNoticeTests"/>.</summary>
    [FirmwareTheory]
    [Trait("Category", "Long")]
    [InlineData("frozen")]
    [InlineData("unplugged")]
    [InlineData("killed")]
    [InlineData("reset")]
    public async Task Lost_TwentyTimesIdleAndTwentyTimesExecuting_IsToldEachTime(string way)
    {
        foreach (bool executing in (bool[])[false, true])
        {
            double[] noticed = new double[20];
            for (int i = 0; i < noticed.Length; i++)
            {
                using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "5000");
                await using SerialDevice device = await OpenAsync();
                await PutInForceAsync(device);
                Task work = executing ? ReadUntilLostAsync(device) : Task.CompletedTask;
                Action lose = way switch
                {
                    "frozen" => firmware.Freeze, "unplugged" => firmware.Replug, "killed" => firmware.Kill, _ => firmware.Reset,
                };

                long begin = Stopwatch.GetTimestamp();
                Task<double> seen = device.Lost.ContinueWith(
                    _ => Stopwatch.GetElapsedTime(begin).TotalMilliseconds, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
                lose();
                noticed[i] = await seen.WaitAsync(Patience);
                Assert.Equal(way == "reset" ? DeviceFault.Rebooted : DeviceFault.Disconnected, (await device.Lost).Fault);
                await work.WaitAsync(Patience);
            }

            Array.Sort(noticed);
            double median = (noticed[9] + noticed[10]) / 2;
            string doing = executing ? "executing" : "idle";
            output.WriteLine(FormattableString.Invariant(
                $"{way} while {doing}, {noticed.Length} times: noticed after {median:f0} ms (median), {noticed[^1]:f0} ms (largest)"));
        }
    }

    /// <summary>
    /// Going, coming back and making safe erase nothing: who clears a fault is a person with the epoch in force, or the host that arms again.
    /// </summary>
    [FirmwareFact]
    public async Task Unplugged_ForLongerThanItsWatchdog_KeepsItsFaultUntilItIsCleared()
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var firmware = new FirmwareProcess("--link", Link, "--watchdog", "10");
        await using (SerialDevice device = await OpenAsync())
        {
            do
            {
                // The cable stays out for five of the device's watchdogs, which run by its own clock and which nobody can ask meanwhile. A device that got
                // no processor time in all of them is made safe by the host that is back, before its watchdog does so: then once more.
                await device.ArmAsync(5, deadline.Token);
                await LoseAsync(device, firmware.Replug, "unplugged");
                await Task.Delay(5 * 10, deadline.Token);
                await BackAsync(device);
            }
            while (await StateOfAsync(device, deadline.Token) != DeviceState.Faulted);

            await device.EnterSafeStateAsync(default);
            Assert.Equal(DeviceState.Faulted, await StateOfAsync(device, default));
        }

        await using SerialDevice other = await OpenAsync();
        Assert.Equal(DeviceState.Faulted, await StateOfAsync(other, default));
        DeviceException older = await Assert.ThrowsAsync<DeviceException>(async () => await other.ClearFaultAsync(4, default));
        Assert.Equal(DeviceFault.Fenced, older.Fault);
        Assert.Equal(DeviceState.Faulted, await StateOfAsync(other, default));
        await other.ClearFaultAsync(5, default);
        Assert.Equal(DeviceState.Safe, await StateOfAsync(other, default));
        await other.ArmAsync(5, default);
        Assert.Equal(DeviceState.Armed, await StateOfAsync(other, default));
    }

    private static async Task<DeviceState> StateOfAsync(SerialDevice device, CancellationToken cancellationToken) =>
        (await device.ReadTelemetryAsync(cancellationToken)).State;

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<DeviceException> LoseAsync(SerialDevice device, Action lose, string way)
    {
        Task<DeviceException> lost = device.Lost;
        Assert.False(lost.IsCompleted);
        long begin = Stopwatch.GetTimestamp();
        lose();
        double doing = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        DeviceException loss = await lost.WaitAsync(Patience);
        double noticed = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        output.WriteLine($"{way}: noticed {noticed:f0} ms after it began, bringing it about took {doing:f0} ms of them: {loss.Message}");
        return loss;
    }

    private static async Task ReadUntilLostAsync(SerialDevice device)
    {
        try
        {
            while (!device.Lost.IsCompleted)
            {
                await ReadAsync(device);
            }
        }
        catch (DeviceException gone) when (gone.Fault is DeviceFault.Disconnected or DeviceFault.Rebooted or DeviceFault.NotArmed)
        {
            // The read that was cut off.
        }
    }

    // The port is there again as soon as the firmware has made it; until then opening fails.
    private static async Task<DeviceIdentity> BackAsync(SerialDevice device)
    {
        while (true)
        {
            try
            {
                return await device.IdentifyAsync(default);
            }
            catch (DeviceException gone) when (gone.Fault is DeviceFault.Disconnected or DeviceFault.Rebooted)
            {
                await Task.Yield();
            }
        }
    }

    private Task<SerialDevice> OpenAsync() => SerialDevice.OpenAsync(
        _ => Task.FromResult<ISerialTransport>(TermiosPort.Open(Link, 921_600)), new SerialDeviceOptions(), TimeProvider.System, default);

    private static async Task<DeviceIdentity> PutInForceAsync(SerialDevice device, long epoch = 1)
    {
        float[] weights = [.. Enumerable.Repeat(0.5f, 6 * 4)];
        await device.ArmAsync(epoch, default);
        await device.ProgramAsync([new BlockProgram(0, 6, 4, weights, [default])], default);
        await device.StageAsync(Wanted, default);
        await device.CommitAsync(Wanted.Hash(), default);
        return await device.IdentifyAsync(default);
    }

    private static async Task<(float[] Outputs, ExecuteReply Reply)> ReadAsync(SerialDevice device)
    {
        float[] outputs = new float[16 * 4];
        float[] inputs = [.. Enumerable.Repeat(0.5f, 16 * 6)];
        return (outputs, await device.ExecuteAsync(new ExecuteRequest(0, 16, inputs, outputs), default));
    }
}
