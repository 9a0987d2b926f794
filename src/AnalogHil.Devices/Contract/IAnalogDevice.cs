namespace AnalogHil.Devices.Contract;

/// <summary>
/// An opened analog accelerator. Calls are made one at a time; every call ends within its deadline (the driver's configured one, or the
/// token's) with a result or a <see cref="DeviceException"/>.
/// </summary>
/// <remarks>
/// Life: opened (safe) -> <see cref="ArmAsync"/> -> program, stage, commit, execute ... -> <see cref="EnterSafeStateAsync"/> -> disposed.
/// Disposing makes the device safe first.
/// </remarks>
public interface IAnalogDevice : IAsyncDisposable
{
    /// <summary>Declared geometry, converters, modes, times and energies.</summary>
    DeviceCapabilities Capabilities { get; }

    /// <summary>
    /// Ends with the reason as soon as the device is found gone or rebooted, also between calls; the call that meets it fails by itself. Null where the driver
    /// cannot tell. After the device was identified again it is another one.
    /// </summary>
    Task<DeviceException>? Lost => null;

    /// <summary>Counts of the line to the device; null where there is no line, or the driver does not count. May be asked at any time.</summary>
    LineCounts? Line => null;

    /// <summary>Who answers, and whether it rebooted since. Where the line was gone and the driver can open it again, this does so.</summary>
    ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Allows driving under a fencing epoch; an epoch below the highest ever seen is refused with <see cref="DeviceFault.Fenced"/>.</summary>
    ValueTask ArmAsync(long epoch, CancellationToken cancellationToken);

    /// <summary>Replaces all programmed blocks. Overlaps, cells outside the device and weights outside [-1, 1] are refused before anything is written. Redundancy goes back to K = 1.</summary>
    ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken);

    /// <summary>Writes settings to the staged bank; nothing changes in force.</summary>
    ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken);

    /// <summary>Reads a bank back from the device.</summary>
    ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken);

    /// <summary>Puts the staged bank in force if its hash on the device is <paramref name="expectedHash"/>; the old bank stays for <see cref="RollBackAsync"/>.</summary>
    ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken);

    /// <summary>Puts the bank in force before the last commit back in force; drops a staged one.</summary>
    ValueTask RollBackAsync(CancellationToken cancellationToken);

    /// <summary>Drives a block with a batch of vectors and returns the mean over its redundancy.</summary>
    ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken);

    /// <summary>State of the device now.</summary>
    ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken);

    /// <summary>Turns the drive off. Accepted in every state, from every epoch, at any time. A latched fault stays.</summary>
    ValueTask EnterSafeStateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Forgets a latched fault after a person has looked for its cause; the device is safe then. Refused while the cause lasts, and with
    /// <see cref="DeviceFault.Fenced"/> under an older epoch than the device has seen. A device that latches nothing is made safe.
    /// </summary>
    ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) => EnterSafeStateAsync(cancellationToken);
}
