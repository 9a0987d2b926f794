using System.Globalization;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>
/// A device behind a serial link (docs/link.md). While it is armed its watchdog is fed; when this process or the line is gone it makes itself safe.
/// A line that is gone is opened again by <see cref="IdentifyAsync"/>, where the device was given a way to do so.
/// </summary>
public sealed class SerialDevice : IAnalogDevice
{
    private readonly Func<CancellationToken, Task<ISerialTransport>>? _open;
    private readonly SerialDeviceOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly TimeSpan _keepAlive;
    private volatile DeviceConnection _connection;
    private Dictionary<int, (int Rows, int Columns)> _blocks = [];
    private volatile bool _disposed;

    private SerialDevice(
        DeviceConnection connection, Func<CancellationToken, Task<ISerialTransport>>? open, SerialDeviceOptions options, TimeProvider time)
    {
        (_connection, _open, _options, _time) = (connection, open, options, time);
        Capabilities = DeclaredCapabilities.Of(connection.Declared, connection.Features);
        Watchdog = TimeSpan.FromMilliseconds(connection.Declared.WatchdogMs);
        _keepAlive = LossNotice.KeepAliveInterval(connection.Declared.WatchdogMs);
    }

    /// <summary>Longest silence of its host that the armed device bears; then it makes itself safe.</summary>
    public TimeSpan Watchdog { get; }

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public Task<DeviceException> Lost => _connection.Pump.Lost;

    /// <inheritdoc/>
    public LineCounts? Line => _connection.Line;

    private DeviceSession Session => _connection.Session;

    /// <summary>Says HELLO and asks for the capabilities.</summary>
    /// <param name="transport">The line; owned by the device from now on, closed if this fails.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer.</param>
    /// <exception cref="DeviceException">No answer, another version or schema (both are named), or the line is gone.</exception>
    public static async Task<SerialDevice> OpenAsync(
        ISerialTransport transport, SerialDeviceOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        new(await ConnectAsync(transport, options, time, cancellationToken).ConfigureAwait(false), null, options, time);

    /// <summary>The same for a line that can be opened again when it is gone.</summary>
    /// <param name="open">Opens the line; called again by <see cref="IdentifyAsync"/> after it hung up.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer.</param>
    /// <exception cref="DeviceException">No answer, another version or schema (both are named), or the line is gone.</exception>
    public static async Task<SerialDevice> OpenAsync(
        Func<CancellationToken, Task<ISerialTransport>> open, SerialDeviceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ISerialTransport transport = await open(cancellationToken).ConfigureAwait(false);
        return new SerialDevice(await ConnectAsync(transport, options, time, cancellationToken).ConfigureAwait(false), open, options, time);
    }

    /// <summary>Who answers; opens the line again where it is gone.</summary>
    /// <inheritdoc/>
    public async ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_open is not null && _connection.Pump.IsGone)
        {
            await ReconnectAsync(_open, cancellationToken).ConfigureAwait(false);
        }

        // Before it is asked: a reboot from here on is another loss.
        _connection.Pump.WatchAgain();
        var identity = WireIdentity.Read((await AskAsync(WireOpcode.Identify, cancellationToken).ConfigureAwait(false)).Span);
        return IdentityOf(identity);
    }

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => DoAsync(
        "arm",
        async token =>
        {
            await Session.UnderAsync(epoch, () => Arming.RunAsync(_connection.Pump, Session, token), token).ConfigureAwait(false);
            _connection.Pump.KeepAlive(epoch, _keepAlive);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => DoAsync(
        "program",
        async token =>
        {
            await ProgramUpload.RunAsync(Session, blocks, token).ConfigureAwait(false);
            _blocks = blocks.ToDictionary(block => block.Block, block => (block.Rows, block.Columns));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) =>
        DoAsync("stage", token => SettingsTransfer.StageAsync(Session, settings, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken)
    {
        RedundancySettings settings = RedundancySettings.Unrepeated;
        await DoAsync(
            "read back",
            async token => settings = await SettingsTransfer.ReadBackAsync(Session, bank, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return settings;
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) =>
        DoAsync("commit", token => Session.SendAsync(WireOpcode.Commit, SettingsTransfer.HashBody(expectedHash), token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) =>
        DoAsync("roll back", token => Session.SendAsync(WireOpcode.RollBack, default, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        ExecuteReply reply = default;
        var transfer = new ExecuteTransfer(Session, Capabilities);
        await DoAsync(
            "execute",
            async token => reply = await transfer.RunAsync(
                request, _blocks.TryGetValue(request.Block, out (int, int) block) ? block : null, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return reply;
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken)
    {
        var now = WireTelemetry.Read((await AskAsync(WireOpcode.Telemetry, cancellationToken).ConfigureAwait(false)).Span);
        return new DeviceTelemetry(
            (DeviceState)now.State, TimeSpan.FromMicroseconds(now.UptimeUs), now.Temperature, (long)now.Reads, now.Energy, now.Active)
        {
            Drive = now.Drive,
            Fault = now.Fault == WireFault.None ? null : now.Fault.ToString(),
        };
    }

    /// <inheritdoc/>
    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        // Past everything else that is on its way: the frame needs no link, the command on the urgent channel says that it was done.
        _connection.Pump.KeepAlive(null, _keepAlive);
        _connection.Pump.MakeSafe();
        await CallDeadline.Within(
            _time, _options.SafeDeadline, _connection.Name, "make safe",
            token => Session.SendAsync(WireOpcode.Safe, default, token, WireChannel.Urgent), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) => DoAsync(
        "clear the fault",
        token => Session.UnderAsync(epoch, () => Session.SendAsync(WireOpcode.ClearFault, default, token), token),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await EnterSafeStateAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException)
        {
            // Without a link there is nothing more to say: the device's watchdog makes it safe.
        }

        _connection.Dispose();
        _one.Dispose();
    }

    private Task<ReadOnlyMemory<byte>> AskAsync(WireOpcode opcode, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return CallDeadline.Within(_time, _options.Deadline, _connection.Name, opcode.ToString(),
            token => Session.SendAsync(opcode, default, token), cancellationToken);
    }

    private async ValueTask DoAsync(string what, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CallDeadline.Within(
                _time, _options.Deadline, _connection.Name, what,
                async token =>
                {
                    await action(token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task ReconnectAsync(Func<CancellationToken, Task<ISerialTransport>> open, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_connection.Pump.IsGone)
            {
                return;
            }

            // The old one first: it may hold the port, or be the program that stands in for the device.
            _connection.Dispose();
            ISerialTransport transport = await open(cancellationToken).ConfigureAwait(false);
            DeviceConnection back = await ConnectAsync(transport, _options, _time, cancellationToken).ConfigureAwait(false);
            if (back.Declared != _connection.Declared || back.Features != _connection.Features)
            {
                back.Dispose();
                throw new DeviceException(
                    DeviceFault.Contradiction, $"{back.Name}: what answers now declares other capabilities than before; put the device back, or "
                        + "open the bench again");
            }

            back.Before = _connection.Line;
            _connection = back;
        }
        finally
        {
            _one.Release();
        }
    }

    private static Task<DeviceConnection> ConnectAsync(
        ISerialTransport transport, SerialDeviceOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        DeviceConnection.OpenAsync(transport, options, time, cancellationToken);

    internal static DeviceIdentity IdentityOf(in WireIdentity identity) => new(
        identity.Uid, (DeviceArchitecture)identity.Architecture, identity.Firmware, identity.Schema,
        identity.Boot.ToString("x16", CultureInfo.InvariantCulture));
}
