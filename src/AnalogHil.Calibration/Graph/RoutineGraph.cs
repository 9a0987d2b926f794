using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Graph;

/// <summary>
/// Routines in the order of what they need from each other. A run asks cheap checks first and measures only what has failed, has expired, was never
/// measured, or rests on something measured anew.
/// </summary>
public sealed class RoutineGraph
{
    private readonly TimeProvider _clock;

    /// <summary>Declares the graph.</summary>
    /// <param name="routines">In any order.</param>
    /// <param name="clock">For expiry and timeouts.</param>
    /// <exception cref="ArgumentException">A name twice, a dependency that is not there, or a circle; the message names it.</exception>
    public RoutineGraph(IReadOnlyList<Routine> routines, TimeProvider clock)
    {
        _clock = clock;
        if (routines.GroupBy(routine => routine.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"routine {twice.Key} is declared {twice.Count()} times; names are unique", nameof(routines));
        }

        foreach (Routine routine in routines)
        {
            if (routine.DependsOn.FirstOrDefault(name => routines.All(other => other.Name != name)) is { } missing)
            {
                throw new ArgumentException($"routine {routine.Name} depends on {missing}, which is not declared", nameof(routines));
            }
        }

        var order = ImmutableArray.CreateBuilder<Routine>();
        while (order.Count < routines.Count)
        {
            Routine next = routines.FirstOrDefault(routine => !order.Contains(routine) && routine.DependsOn.All(name => order.Any(done => done.Name == name)))
                ?? throw new ArgumentException($"the routines {string.Join(", ", routines.Except(order).Select(routine => routine.Name))} depend on each "
                    + "other in a circle", nameof(routines));
            order.Add(next);
        }

        Order = order.ToImmutable();
    }

    /// <summary>Routines, each after all it depends on.</summary>
    public ImmutableArray<Routine> Order { get; }

    /// <summary>Brings every result up to date.</summary>
    /// <param name="known">Results that are there.</param>
    /// <param name="done">Told after every routine: what to store, so that a run cut short goes on there; null for none.</param>
    /// <param name="cancellationToken">Stops between and within routines.</param>
    /// <returns>One step a routine, in <see cref="Order"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; steps told to <paramref name="done"/> stand.</exception>
    public async Task<ImmutableArray<RoutineStep>> RunAsync(IReadOnlyCollection<RoutineRecord> known, Action<RoutineStep>? done,
        CancellationToken cancellationToken)
    {
        var steps = ImmutableArray.CreateBuilder<RoutineStep>();
        foreach (Routine routine in Order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RoutineRecord? record = known.FirstOrDefault(r => r.Name == routine.Name);
            RoutineStep step = await StepAsync(routine, record, [.. steps.Where(s => routine.DependsOn.Contains(s.Name))],
                cancellationToken).ConfigureAwait(false);
            steps.Add(step);
            done?.Invoke(step);
        }

        return steps.ToImmutable();
    }

    private async Task<RoutineStep> StepAsync(
        Routine routine, RoutineRecord? record, RoutineStep[] below, CancellationToken cancellationToken)
    {
        if (below.FirstOrDefault(step => step.Outcome is RoutineOutcome.Failed or RoutineOutcome.Skipped) is { } broken)
        {
            return new(routine.Name, RoutineOutcome.Skipped, $"{broken.Name} has no valid result: {broken.Reason}", null);
        }

        // A dependency measured in a run that was cut short is newer than the result that rests on it.
        RoutineStep? newer = below.FirstOrDefault(step => record is not null && step.Record!.Changed > record.Changed);
        RoutineScope scope = record is null ? new([], "never measured")
            : _clock.GetUtcNow() >= record.Measured + routine.ValidFor ? new([], $"expired: measured {record.Measured:u}, valid for {routine.ValidFor}")
            : routine.Check is null && newer is not null ? new([], $"rests on {newer.Name}, which was measured anew")
            : new(record.Unmeasured, "columns without a result");
        try
        {
            if (record is not null && scope.Reason == "columns without a result")
            {
                RoutineCheck check = routine.Check is null
                    ? new(true, [], "no check declared, result is young enough")
                    : await LimitedAsync(routine, routine.Check, cancellationToken).ConfigureAwait(false);
                if (check.Passed && scope.Columns.IsEmpty)
                {
                    return new(routine.Name, RoutineOutcome.Kept, check.Detail, record);
                }

                scope = check.Passed ? scope
                    : check.FailedColumns.IsEmpty ? new([], $"check failed: {check.Detail}")
                    : new([.. check.FailedColumns.Union(record.Unmeasured)], $"check failed: {check.Detail}");
            }

            ImmutableArray<ColumnPlace> missing = await LimitedAsync(routine, token => routine.Run(scope, token), cancellationToken).ConfigureAwait(false);

            // Part of the columns is as old as before: the record keeps the date of the whole, or expiry would never come.
            DateTimeOffset now = _clock.GetUtcNow();
            return new(routine.Name, scope.Partial ? RoutineOutcome.MeasuredInPart : RoutineOutcome.Measured, scope.Reason,
                new RoutineRecord(routine.Name, scope.Partial ? record!.Measured : now, now, missing));
        }
        catch (Exception fault) when (fault is CalibrationException or TimeoutException
            or DeviceException { Fault: not (DeviceFault.Disconnected or DeviceFault.Fenced or DeviceFault.Rebooted) })
        {
            return new(routine.Name, RoutineOutcome.Failed, $"{scope.Reason}; {fault.Message}", null);
        }
    }

    private async Task<T> LimitedAsync<T>(Routine routine, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(routine.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{routine.Name} took longer than {routine.Timeout}; raise the limit or look at the device");
        }
    }
}
