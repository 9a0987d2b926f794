using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Ends calls over a line in time.</summary>
internal static class CallDeadline
{
    /// <summary>Runs a call, at most for <paramref name="limit"/>.</summary>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Timeout"/>, naming line, call and limit.</exception>
    public static async Task<T> Within<T>(
        TimeProvider time, TimeSpan limit, string line, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
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
                DeviceFault.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"{line}: {what} was not done within {limit.TotalSeconds} s; check the line and the rate"),
                error);
        }
    }
}
