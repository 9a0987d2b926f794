using System.Collections.Concurrent;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.V1;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

/// <summary>Runs long operations but campaigns. At shutdown they are told to stop and waited for.</summary>
internal sealed partial class LongOperations(OperationLedger operations, ILogger<LongOperations> log) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<LongOperation, Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins the work. What the task holds is given back when it ended, or at once where it does not begin, whatever stands in its way.</summary>
    /// <returns>Its operation; under a request key that was used before, the operation of then.</returns>
    public IOperation Start(OperationTask task)
    {
        bool begun = false;
        try
        {
            if (_stopping.IsCancellationRequested)
            {
                throw new CampaignException(ErrorReason.QueueFull, "the daemon is stopping and takes no more work; start it again first");
            }

            IOperation created = operations.Create(task.Kind, task.Bench, task.Request, task.Origin);
            if (created is not LongOperation operation || _running.ContainsKey(operation) || operation.IsDone)
            {
                return created;
            }

            LogStarted(operation.Name, task.Kind);
            begun = true;
            _running[operation] = Task.Run(() => RunAsync(operation, task), CancellationToken.None);
            return operation;
        }
        finally
        {
            if (!begun)
            {
                task.Holds?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(LongOperation operation, OperationTask task)
    {
        CampaignException? failure = null;
        IMessage? response = null;
        using IDisposable? scope = log.BeginScope(new Dictionary<string, object?> { ["operation"] = operation.Name, ["bench"] = task.Bench });
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(operation.Cancelled, _stopping.Token, task.Ending);
            response = await task.Work(operation, stop.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The daemon outlives an operation, which says what happened.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = Explain(thrown, operation, task);
        }

        // Before the operation ends, so that who sees it end can start the next.
        task.Holds?.Dispose();
        if (failure is null)
        {
            LogEnded(operation.Name);
            operation.Complete(response!);
        }
        else
        {
            LogFailed(operation.Name, failure.Reason, failure.Message);
            operation.Fail(failure);
        }

        _running.TryRemove(operation, out _);
    }

    private CampaignException Explain(Exception thrown, LongOperation operation, OperationTask task)
    {
        if (thrown is OperationCanceledException)
        {
            return _stopping.IsCancellationRequested
                ? new CampaignException(ErrorReason.Interrupted, $"the daemon was stopped during {task.Kind}; start it again")
                : task.Ending.IsCancellationRequested
                    ? new CampaignException(ErrorReason.LeaseRequired, $"the lease on the bench ended during {task.Kind}; acquire one and start it again")
                    : new CampaignException(ErrorReason.Cancelled, $"{task.Kind} was stopped on request; start it again");
        }

        switch (thrown)
        {
            case CampaignException known:
                return known;
            case DeviceException device:
                return DeviceFailures.Explain(device, Path.GetFileNameWithoutExtension(task.Bench));
            case PrecisionException or MappingException:
                return PlanFailures.Explain(thrown);
            default:
                LogDefect(operation.Name, thrown);
                return new CampaignException(
                    ErrorReason.Internal,
                    $"{thrown.GetType().Name}: {thrown.Message}; this is a defect of the program, please report it with the daemon's log", thrown);
        }
    }
}
