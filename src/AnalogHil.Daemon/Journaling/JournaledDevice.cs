using AnalogHil.Daemon.Enforcement;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// A device whose changes are written down before they are made, for a user that writes everything anew after a failure; every other call goes through
/// as it is. Does not own the device.
/// </summary>
internal sealed class JournaledDevice(DeviceChange change, DeviceJournal journal) : IAnalogDevice
{
    private readonly IAnalogDevice _inner = change.Device;

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => _inner.Capabilities;

    /// <inheritdoc/>
    public Task<DeviceException>? Lost => _inner.Lost;

    /// <inheritdoc/>
    public LineCounts? Line => _inner.Line;

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => _inner.IdentifyAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => _inner.ArmAsync(epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ToldAsync(() => journal.ProgramAsync(change, blocks));
    }

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) => _inner.StageAsync(settings, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) => _inner.ReadBackAsync(bank, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        string before = (await _inner.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false)).Hash();
        if (before == expectedHash)
        {
            // Nothing would change, so that no read-back could tell; the staged bank is used up all the same.
            await _inner.CommitAsync(expectedHash, cancellationToken).ConfigureAwait(false);
            return;
        }

        await ToldAsync(() => journal.CommitAsync(change, before, expectedHash, () => _inner.CommitAsync(expectedHash, CancellationToken.None).AsTask()))
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) => ToldAsync(() => journal.RollBackAsync(change, null));

    /// <inheritdoc/>
    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => _inner.ExecuteAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => _inner.ReadTelemetryAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => _inner.EnterSafeStateAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) => _inner.ClearFaultAsync(epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <exception cref="DeviceException">The change was not made, or broke off.</exception>
    /// <exception cref="Errors.CampaignException">Another change of the bench is not settled.</exception>
    private static async ValueTask ToldAsync(Func<Task> make)
    {
        try
        {
            await make().ConfigureAwait(false);
        }
        catch (LedgerException unknown)
        {
            // The device's own error tells whether it can be taken back; the journal keeps that the outcome is unknown until it is programmed again.
            throw unknown.InnerException is DeviceException lost ? new DeviceException(lost.Fault, lost.Message, unknown) : Refusal.Of(unknown);
        }
    }
}
