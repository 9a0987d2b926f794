namespace AnalogHil.Daemon.Operations;

/// <summary>The right to drive a bench's device, kept as long as an operation uses it.</summary>
/// <param name="Epoch">Fencing epoch under which it is driven; 0: without a lease.</param>
/// <param name="Held">Given back when the operation ended; null: nothing.</param>
/// <param name="Ending">Cancelled when the right ends: the operation stops at its next step.</param>
internal sealed record DriveRight(long Epoch, IDisposable? Held, CancellationToken Ending) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Held?.Dispose();
}
