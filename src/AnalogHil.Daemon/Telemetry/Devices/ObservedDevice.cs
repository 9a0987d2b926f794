using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;
using AnalogHil.V1;
using ExecuteRequest = AnalogHil.Devices.Contract.ExecuteRequest;
using LineCounts = AnalogHil.Devices.Contract.LineCounts;

namespace AnalogHil.Daemon.Telemetry.Devices;

/// <summary>A device whose calls are counted, timed and told of. Adds no call of its own and changes no answer.</summary>
internal sealed class ObservedDevice(
    IAnalogDevice inner, string bench, TelemetryHub hub, DaemonMeter meter, BenchStanding standing, ProgressBoard board, TimeProvider time) : IAnalogDevice
{
    /// <summary>Shortest time between two samples of the counts.</summary>
    private static readonly TimeSpan CountsInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longest good call: a large batch with many repeats on a slow device.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    private GuardCounts _counted;
    private LineCounts _line;
    private long _lastCounts = time.GetTimestamp();
    private long _readsAtLastCounts;

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public Task<DeviceException>? Lost => inner.Lost;

    /// <inheritdoc/>
    public LineCounts? Line => inner.Line;

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => SeenAsync("identify", inner.IdentifyAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => SeenAsync("arm", token => inner.ArmAsync(epoch, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) =>
        SeenAsync("program", token => inner.ProgramAsync(blocks, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) =>
        SeenAsync("stage", token => inner.StageAsync(settings, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        SeenAsync("read-back", token => inner.ReadBackAsync(bank, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) =>
        SeenAsync("commit", token => inner.CommitAsync(expectedHash, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) => SeenAsync("roll-back", inner.RollBackAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) =>
        SeenAsync("execute", token => inner.ExecuteAsync(request, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken)
    {
        DeviceTelemetry telemetry = await SeenAsync("read-telemetry", inner.ReadTelemetryAsync, cancellationToken).ConfigureAwait(false);
        meter.Told(bench, telemetry.TemperatureCelsius, telemetry.Energy);
        hub.Publish(bench, telemetry.ToMessage(time.GetUtcNow()));
        return telemetry;
    }

    /// <inheritdoc/>
    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => SeenAsync("make-safe", inner.EnterSafeStateAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) =>
        SeenAsync("clear-fault", token => inner.ClearFaultAsync(epoch, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Count(last: true);
        }
    }

    private async ValueTask SeenAsync(string call, Func<CancellationToken, ValueTask> run, CancellationToken cancellationToken) => await SeenAsync(
        call,
        async token =>
        {
            await run(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    private async ValueTask<T> SeenAsync<T>(string call, Func<CancellationToken, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        string? fault = null;
        using WorkInProgress work = board.Begin($"{bench}: {call}", LongestCall);
        try
        {
            T answer = await run(cancellationToken).ConfigureAwait(false);
            standing.Worked();
            work.Advance();
            return answer;
        }
        catch (DeviceException failure)
        {
            fault = FaultNames.Of(failure.Fault);
            Failed(call, fault, failure);
            throw;
        }
        finally
        {
            meter.Called(bench, call, time.GetElapsedTime(began), fault);
            if (call != "make-safe")
            {
                Count(last: false);
            }
        }
    }

    private void Failed(string call, string fault, DeviceException failure)
    {
        if (FaultNames.IsAnAnswer(failure.Fault))
        {
            standing.Worked();
        }
        else
        {
            standing.Failed(failure.Message);
        }

        hub.Publish(bench, new DeviceFailure { Call = call, Fault = fault, Message = failure.Message });
    }

    // Calls come one at a time; making safe, which passes them, does not count.
    private void Count(bool last)
    {
        if (inner is not GuardedDevice guarded)
        {
            return;
        }

        GuardCounts now = guarded.Counts;
        meter.Counted(bench, new GuardCounts(
            now.Executions - _counted.Executions,
            now.Retries - _counted.Retries,
            now.Timeouts - _counted.Timeouts,
            now.CorruptReplies - _counted.CorruptReplies,
            now.Reads - _counted.Reads,
            now.SaturatedReads - _counted.SaturatedReads));
        _counted = now;
        LineCounts? line = inner.Line;
        if (line is { } seen)
        {
            meter.Counted(bench, seen, _line);
            _line = seen;
        }

        TimeSpan since = time.GetElapsedTime(_lastCounts);
        if (since < CountsInterval && !last)
        {
            return;
        }

        hub.Publish(bench, new CallCounts
        {
            Executions = now.Executions,
            Reads = now.Reads,
            SaturatedReads = now.SaturatedReads,
            Retries = now.Retries,
            Timeouts = now.Timeouts,
            CorruptReplies = now.CorruptReplies,
            ReadsPerSecond = since > TimeSpan.Zero ? (now.Reads - _readsAtLastCounts) / since.TotalSeconds : 0,
            Line = line is { } told
                ? new V1.LineCounts
                {
                    FramesIn = told.FramesIn,
                    FramesOut = told.FramesOut,
                    Retransmissions = told.Retransmissions,
                    ChecksumErrors = told.ChecksumErrors,
                    DamagedFrames = told.DamagedFrames,
                    Resets = told.Resets,
                }
                : null,
        });
        _lastCounts = time.GetTimestamp();
        _readsAtLastCounts = now.Reads;
    }
}
