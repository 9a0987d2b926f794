using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Serial.Benches;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.TestKit;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>The firmware on an emulated Cortex-M3, judged like every other device.</summary>
[NeedsEmulator]
[Trait("Category", "Long")]
public sealed class EmulatedConformance : DeviceConformance
{
    protected override async ValueTask<IAnalogDevice> OpenAsync()
    {
        var launch = new LaunchedProgram(
            ["qemu-system-arm", "-M", "mps2-an385", "-kernel", FirmwareImage.Path, "-display", "none", "-monitor", "none", "-serial", "pty"], "");
        var bench = new SerialBench(
            FirmwareImage.Path, "conformance", "", DeviceArchitecture.Crossbar, "", new GuardOptions(), null, 921_600, TimeSpan.FromSeconds(1), launch);
        return await SerialDevice.OpenAsync(
            await SerialBenchOpening.OpenLineAsync(bench, TimeProvider.System, default), new SerialDeviceOptions(), TimeProvider.System, default);
    }
}

/// <summary>Needs the emulator, and the cross compiler for what it runs.</summary>
public sealed class NeedsEmulatorAttribute : DeviceAvailabilityAttribute
{
    public override string? Missing => FirmwareImage.Missing;
}
