using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>
/// Runs the calls of a driver within their deadlines. A driver that neither answers nor stops is left behind: its call is abandoned, and what the
/// device does from then on is unknown until it is identified again.
/// </summary>
internal sealed class DriverCalls(GuardOptions options, TimeProvider time)
{
    private volatile string? _abandoned;

    /// <summary>Whether a call was abandoned since the device was last identified.</summary>
    public bool StateUnknown => _abandoned is not null;

    /// <summary>The device was identified.</summary>
    public void Identified() => _abandoned = null;

    /// <summary>Throws when the state of the device is unknown.</summary>
    public void RequireKnownState(string what)
    {
        if (_abandoned is { } earlier)
        {
            throw new DeviceException(
                DeviceFault.Disconnected,
                $"{what}: the driver never ended the call \"{earlier}\", so that the state of the device is unknown; identify or arm it again, or make it safe and open the bench again");
        }
    }

    /// <summary>Any call but making safe and closing.</summary>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await RunAsync(what, call, options.Deadline, options.StopTime, "deadlineSeconds", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for a call without an answer.</summary>
    public Task RunAsync(string what, Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken) =>
        RunAsync(what, Answered(call), cancellationToken);

    /// <summary>One attempt at making safe, or closing: no caller can stop it, and it is not waited for beyond its own deadline.</summary>
    public Task EndAsync(string what, Func<CancellationToken, ValueTask> call) =>
        RunAsync(what, Answered(call), options.SafeDeadline, TimeSpan.Zero, "safeDeadlineSeconds", CancellationToken.None);

    private static Func<CancellationToken, ValueTask<bool>> Answered(Func<CancellationToken, ValueTask> call) => async token =>
    {
        await call(token).ConfigureAwait(false);
        return true;
    };

    private async Task<T> RunAsync<T>(
        string what, Func<CancellationToken, ValueTask<T>> call, TimeSpan limit, TimeSpan stopTime, string option, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        CancellationToken stop = either.Token;

        // On a thread of its own: a driver may block inside the call, before it returns anything that could be waited for.
        Task<T> answer = Task.Run(() => call(stop).AsTask(), CancellationToken.None);
        Task ended = answer;
        await ended.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
        {
            await ended.WaitAsync(stopTime, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!ended.IsCompleted)
        {
            _abandoned = what;
            _ = ended.ContinueWith(
                late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DeviceException(
                DeviceFault.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"{what}: no answer within {limit.TotalSeconds} s, and the driver did not stop when told to; check the link and the driver, or raise guard.{option} of the bench"));
        }

        try
        {
            // An answer that came while the driver was to stop is the truth about the device, and is taken.
            return await answer.ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new DeviceException(
                DeviceFault.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"{what}: no answer within {limit.TotalSeconds} s; check the link, or raise guard.{option} of the bench"),
                error);
        }
    }
}
