using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>A device behind a serial link (docs/link.md). While it is armed its watchdog is fed; when this process or the line is gone it makes itself safe.</summary>
public sealed class SerialDevice : IAnalogDevice
{
    private readonly LinkPump _pump;
    private readonly DeviceSession _session;
    private readonly SerialDeviceOptions _options;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly TimeSpan _keepAlive;
    private Dictionary<int, (int Rows, int Columns)> _blocks = [];
    private volatile bool _disposed;

    private SerialDevice(LinkPump pump, DeviceSession session, string name, SerialDeviceOptions options, TimeProvider time, in WireCapabilities declared)
    {
        (_pump, _session, _name, _options, _time) = (pump, session, name, options, time);
        Capabilities = Declared(declared);
        Watchdog = TimeSpan.FromMilliseconds(declared.WatchdogMs);
        _keepAlive = TimeSpan.FromMilliseconds(Math.Max(1, declared.WatchdogMs / 5));
    }

    /// <summary>Longest silence of its host that the armed device bears; then it makes itself safe.</summary>
    public TimeSpan Watchdog { get; }

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities { get; }

    /// <summary>Says HELLO and asks for the capabilities.</summary>
    /// <param name="transport">The line; owned by the device from now on, closed if this fails.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer.</param>
    /// <exception cref="DeviceException">No answer, another version or schema (both are named), or the line is gone.</exception>
    public static async Task<SerialDevice> OpenAsync(ISerialTransport transport, SerialDeviceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        string name = transport.Name;
        var pump = new LinkPump(transport, (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time);
        try
        {
            WireHelloAnswer answer = await Within(time, options.Deadline, name, "HELLO", token => pump.Answered.WaitAsync(token), cancellationToken).ConfigureAwait(false);
            if (answer.Status != WireHelloStatus.Ok)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction,
                    $"{name} speaks versions {answer.VersionLowest} to {answer.VersionHighest} with schema {answer.Schema}, this program {LinkSchema.ProtocolLowest} to {LinkSchema.ProtocolHighest} with {LinkSchema.ShortHash} ({answer.Status}); install matching firmware");
            }

            var session = new DeviceSession(pump, name);
            ReadOnlyMemory<byte> declared = await Within(
                time, options.Deadline, name, "capabilities", token => session.SendAsync(WireOpcode.Capabilities, default, token), cancellationToken).ConfigureAwait(false);
            return new SerialDevice(pump, session, name, options, time, WireCapabilities.Read(declared.Span));
        }
        catch
        {
            pump.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var identity = WireIdentity.Read((await AskAsync(WireOpcode.Identify, cancellationToken).ConfigureAwait(false)).Span);
        return new DeviceIdentity(
            identity.Uid, (DeviceArchitecture)identity.Architecture, identity.Firmware, identity.Schema, identity.Boot.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => DoAsync(
        "arm",
        async token =>
        {
            long before = _session.Epoch;
            _session.Epoch = epoch;
            try
            {
                await _session.SendAsync(WireOpcode.EstablishEpoch, default, token).ConfigureAwait(false);
                await _session.SendAsync(WireOpcode.Arm, default, token).ConfigureAwait(false);
                _pump.KeepAlive(epoch, _keepAlive);
            }
            catch (DeviceException error) when (error.Fault == DeviceFault.Fenced)
            {
                _session.Epoch = before;
                throw;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => DoAsync(
        "program",
        async token =>
        {
            await ProgramUpload.RunAsync(_session, blocks, token).ConfigureAwait(false);
            _blocks = blocks.ToDictionary(block => block.Block, block => (block.Rows, block.Columns));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) =>
        DoAsync("stage", token => SettingsTransfer.StageAsync(_session, settings, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken)
    {
        RedundancySettings settings = RedundancySettings.Unrepeated;
        await DoAsync("read back", async token => settings = await SettingsTransfer.ReadBackAsync(_session, bank, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return settings;
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) =>
        DoAsync("commit", token => _session.SendAsync(WireOpcode.Commit, SettingsTransfer.HashBody(expectedHash), token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) =>
        DoAsync("roll back", token => _session.SendAsync(WireOpcode.RollBack, default, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        ExecuteReply reply = default;
        var transfer = new ExecuteTransfer(_session, Capabilities);
        await DoAsync(
            "execute",
            async token => reply = await transfer.RunAsync(request, _blocks.TryGetValue(request.Block, out (int, int) block) ? block : null, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return reply;
    }

    /// <inheritdoc/>
    public async ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken)
    {
        var now = WireTelemetry.Read((await AskAsync(WireOpcode.Telemetry, cancellationToken).ConfigureAwait(false)).Span);
        return new DeviceTelemetry(
            (DeviceState)now.State, TimeSpan.FromMicroseconds(now.UptimeUs), now.Temperature, (long)now.Reads, now.Energy, now.Active);
    }

    /// <inheritdoc/>
    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        // Past everything else that is on its way: the frame needs no link, the command on the urgent channel says that it was done.
        _pump.KeepAlive(null, _keepAlive);
        _pump.MakeSafe();
        await Within(
            _time, _options.SafeDeadline, _name, "make safe", token => _session.SendAsync(WireOpcode.Safe, default, token, WireChannel.Urgent), cancellationToken).ConfigureAwait(false);
    }

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

        _pump.Dispose();
        _one.Dispose();
    }

    private Task<ReadOnlyMemory<byte>> AskAsync(WireOpcode opcode, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return Within(_time, _options.Deadline, _name, opcode.ToString(), token => _session.SendAsync(opcode, default, token), cancellationToken);
    }

    private async ValueTask DoAsync(string what, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Within(
                _time, _options.Deadline, _name, what,
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

    private static async Task<T> Within<T>(
        TimeProvider time, TimeSpan limit, string name, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new DeviceException(
                DeviceFault.Timeout, string.Create(CultureInfo.InvariantCulture, $"{name}: {what} was not done within {limit.TotalSeconds} s; check the line and the rate"), error);
        }
    }

    private static DeviceCapabilities Declared(in WireCapabilities c)
    {
        ImmutableDictionary<RedundancyMode, int> repeats = ImmutableDictionary<RedundancyMode, int>.Empty;
        repeats = c.MaxAccumulate > 0 ? repeats.Add(RedundancyMode.AccumulateThenRead, (int)c.MaxAccumulate) : repeats;
        repeats = c.MaxAverage > 0 ? repeats.Add(RedundancyMode.ReadAndAverage, (int)c.MaxAverage) : repeats;
        repeats = c.MaxCopies > 1 ? repeats.Add(RedundancyMode.SpatialCopies, (int)c.MaxCopies) : repeats;
        int terms = c.NoiseTerms;
        NoiseTerm[] order = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced, NoiseTerm.ShotDirect];
        return new DeviceCapabilities
        {
            Rows = (int)c.Rows,
            Columns = (int)c.Columns,
            Tiles = (int)c.Tiles,
            SignedInputs = (c.Flags & 1) != 0,

            // The wire carries no operand with a call: weights change by programming only, whatever the device could do.
            RewritableWeights = false,
            DacBits = c.DacBits,
            AdcBits = c.AdcBits,
            AdcFullScale = c.AdcFullScale,
            PossibleNoise = [.. order.Where((_, bit) => (terms >> bit & 1) != 0)],
            MaxRepeats = repeats,
            RepeatsPerColumn = (c.Flags & 4) != 0,
            MaxVectors = (int)c.MaxVectors,
            SettlingTime = TimeSpan.FromMicroseconds(c.SettlingNs / 1000),
            ReadTimeNanoseconds = c.ReadNs,
            EnergyPerMac = c.EnergyMac,
            EnergyPerAdcConversion = c.EnergyAdc,
            EnergyPerDacConversion = c.EnergyDac,
        };
    }
}
