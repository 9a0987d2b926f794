namespace AnalogHil.Rpc.Wire;

/// <summary>Instants that mean "never" and the time left to a deadline.</summary>
internal static class Deadline
{
    /// <summary>Time left, at most <see cref="GrpcTimeout.Longest"/>, at least zero; null: no deadline.</summary>
    public static TimeSpan? Left(DateTime? deadline, TimeProvider time)
    {
        if (deadline is not { } instant || instant == DateTime.MaxValue)
        {
            return null;
        }

        if (instant.Kind == DateTimeKind.Unspecified)
        {
            throw new ArgumentException($"The deadline {instant:O} does not say its time zone; pass a UTC instant.", nameof(deadline));
        }

        TimeSpan left = instant.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > GrpcTimeout.Longest ? GrpcTimeout.Longest : left;
    }
}
