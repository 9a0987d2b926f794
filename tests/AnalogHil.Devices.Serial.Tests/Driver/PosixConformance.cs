using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using AnalogHil.Devices.TestKit;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>The firmware as a process, judged like every other device.</summary>
[NeedsFirmware]
public abstract class PosixConformance(string architecture) : DeviceConformance, IDisposable
{
    private readonly List<FirmwareProcess> _processes = [];

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        GC.SuppressFinalize(this);
    }

    protected override async ValueTask<IAnalogDevice> OpenAsync()
    {
        // A long watchdog: on a crowded machine this process may be stopped for longer than 250 ms; the watchdog has its own tests.
        var process = new FirmwareProcess("--architecture", architecture, "--watchdog", "5000");
        _processes.Add(process);
        return await SerialDevice.OpenAsync(TermiosPort.Open(process.Port, 921_600), new SerialDeviceOptions(), TimeProvider.System, default);
    }
}

public sealed class PosixCrossbarConformance() : PosixConformance("crossbar");

public sealed class PosixHomodyneConformance() : PosixConformance("homodyne");

public sealed class PosixBroadcastAndWeightConformance() : PosixConformance("broadcast-and-weight");

/// <summary>Without a C compiler there is no firmware to judge.</summary>
public sealed class NeedsFirmwareAttribute : DeviceAvailabilityAttribute
{
    public override string? Missing => FirmwareProcess.CanCompile ? null : FirmwareProcess.NoCompiler;
}
