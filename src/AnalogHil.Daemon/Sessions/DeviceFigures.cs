using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>What is known of an open device, as last heard from it.</summary>
/// <param name="State">Whether it may be driven.</param>
/// <param name="Identity">Who answers; null before it was asked.</param>
/// <param name="Telemetry">Last telemetry; null before the first.</param>
/// <param name="TelemetryTime">When that was, UTC.</param>
/// <param name="Epoch">Fencing epoch that it was last armed with; 0 when not since it was opened.</param>
internal sealed record DeviceFigures(
    DriveState State, DeviceIdentity? Identity = null, DeviceTelemetry? Telemetry = null, DateTimeOffset TelemetryTime = default, long Epoch = 0);
