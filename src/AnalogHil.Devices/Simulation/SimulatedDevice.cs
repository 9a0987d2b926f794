using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

/// <summary>
/// A simulated analog accelerator on a virtual clock. Equal options give equal reads, call for call, whatever the number of threads.
/// </summary>
public sealed partial class SimulatedDevice : IAnalogDevice, IRebootable
{
    private readonly SimulatedDeviceOptions _options;
    private readonly ColumnErrors _errors;
    private readonly SettingsBanks _banks = new();
    private readonly Lock _gate = new();
    private Dictionary<int, ProgrammedBlock> _blocks = [];
    private volatile DeviceState _state = DeviceState.Safe;
    private CancellationTokenSource _drive = new();
    private string _latchedCause = "";
    private long _highestEpoch = long.MinValue;
    private ulong _boot = 1;
    private ulong _programmings;
    private ulong _executions;
    private double _uptimeNanoseconds;
    private double _joules;
    private long _reads;
    private bool _disposed;

    /// <summary>Powers the device up, safe.</summary>
    /// <exception cref="ArgumentException">Options out of range; the message lists all of them.</exception>
    public SimulatedDevice(SimulatedDeviceOptions options)
    {
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        _options = options;
        _errors = new ColumnErrors(options);
        Capabilities = options.Capabilities;
        Truth = new SimulatedTruth(
            options.Physics.PossibleNoise.ToImmutableDictionary(term => term, term => options.Physics.TruthOf(term, options)),
            _errors.Gain,
            _errors.Offset)
        {
            StuckColumns = [.. _errors.Stuck.Select(tile => tile.Keys.Order().ToImmutableArray())],
            WeightLaw = options.Physics is CellPhysics cells ? cells.WeightLaw(options.ReadTimeNanoseconds) : null,
        };
    }

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities { get; }

    /// <summary>What the device really is; for tests and benchmarks only.</summary>
    public SimulatedTruth Truth { get; }

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => Answer(() => new DeviceIdentity(
        string.Create(CultureInfo.InvariantCulture, $"SIM-{_options.Physics.Architecture}-{_options.Seed:x16}"),
        _options.Physics.Architecture,
        "simulated 1.0",
        "simulated-1",
        string.Create(CultureInfo.InvariantCulture, $"{_options.PowerUp ?? (_options.NoiseSeed ?? _options.Seed).ToString("x16", CultureInfo.InvariantCulture)}-{_boot}")), cancellationToken);

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (epoch < _highestEpoch)
            {
                throw new DeviceException(
                    DeviceFault.Fenced, $"epoch {epoch} is older than epoch {_highestEpoch}, which this device has seen; take a new lease");
            }

            if (_state == DeviceState.Faulted)
            {
                throw new DeviceException(DeviceFault.NotArmed, $"a fault is latched ({_latchedCause}); make the device safe to clear it, then arm");
            }

            _highestEpoch = epoch;
            _state = DeviceState.Armed;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => Do(
        () =>
        {
            RequireArmed("program");
            ProgramCheck.Verify(blocks, Capabilities);
            _programmings++;
            _blocks = blocks.ToDictionary(
                block => block.Block, block => ProgrammedBlock.Write(block, _options, _errors, _boot, _programmings, _uptimeNanoseconds));
            _banks.Clear();
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) => Do(
        () =>
        {
            RequireArmed("stage settings");
            _banks.Stage(settings, _blocks, Capabilities);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        Answer(() => bank == SettingsBank.Active ? _banks.Active : _banks.Staged, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) => Do(
        () =>
        {
            RequireArmed("commit settings");
            _banks.Commit(expectedHash);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) => Do(
        () =>
        {
            RequireArmed("roll settings back");
            _banks.RollBack();
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => Answer(
        () =>
        {
            RequireArmed("execute");
            ProgrammedBlock block = Checked(request).Holding(Converted(request.Operand));
            BlockRedundancy? redundancy = _banks.Of(request.Block);
            int[] repeats = redundancy is null ? [1] : [.. redundancy.Repeats];
            RedundancyMode mode = redundancy?.Mode ?? RedundancyMode.ReadAndAverage;
            Memory<float> outputs = request.Outputs[..(request.Vectors * block.Columns)];
            var call = new ReadCall(mode, repeats, _boot, _executions++, _uptimeNanoseconds, request.Vectors, request.Inputs, outputs);
            long saturated = Drive(block, call, cancellationToken);
            return Account(block, mode, repeats, request.Vectors, request.Operand.Length, saturated, ReplyChecksum.Of(outputs.Span));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => Answer(
        () => new DeviceTelemetry(_state, TimeSpan.FromMicroseconds(_uptimeNanoseconds / 1000), double.NaN, _reads, _joules, _banks.Active.Hash())
        {
            Drive = _state == DeviceState.Armed ? 1 : 0,
            Fault = _state == DeviceState.Faulted ? _latchedCause : null,
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        // Without the lock: a running execution must not keep the drive on until it is through.
        _state = DeviceState.Safe;
        Interlocked.Exchange(ref _drive, new CancellationTokenSource()).Cancel();
        return ValueTask.CompletedTask;
    }

    /// <summary>Latches a fault: from now on only making safe is accepted, which clears it.</summary>
    /// <param name="cause">What happened; repeated in every refusal.</param>
    public void LatchFault(string cause)
    {
        lock (_gate)
        {
            _state = DeviceState.Faulted;
            _latchedCause = cause;
        }
    }

    /// <inheritdoc/>
    public void Reboot()
    {
        lock (_gate)
        {
            // The highest epoch stays: it is kept where a power cut does not reach it, or fencing would end with a reboot.
            _boot++;
            _state = DeviceState.Safe;
            _blocks = [];
            _banks.Clear();
            _programmings = 0;
            _executions = 0;
            _uptimeNanoseconds = 0;
            _joules = 0;
            _reads = 0;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _state = DeviceState.Safe;
            _disposed = true;
        }

        return ValueTask.CompletedTask;
    }

    private long Drive(ProgrammedBlock block, in ReadCall call, CancellationToken cancellationToken)
    {
        CancellationToken drive = Volatile.Read(ref _drive).Token;
        RequireArmed("execute");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drive);
        try
        {
            return block.Read(call, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeviceException(DeviceFault.NotArmed, "the device was made safe during the execution; arm it and execute again");
        }
    }

    private void RequireArmed(string what)
    {
        if (_state != DeviceState.Armed)
        {
            throw new DeviceException(
                DeviceFault.NotArmed,
                _state == DeviceState.Faulted
                    ? $"cannot {what}: a fault is latched ({_latchedCause}); make the device safe, then arm it"
                    : $"cannot {what}: the device is safe; arm it first");
        }
    }

    private ValueTask Do(Action action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            action();
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask<T> Answer<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return ValueTask.FromResult(answer());
        }
    }
}
