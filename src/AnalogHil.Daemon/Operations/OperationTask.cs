using Google.Protobuf;

namespace AnalogHil.Daemon.Operations;

/// <summary>Work to be done as a long-running operation.</summary>
/// <param name="Kind">What runs, e.g. "learn"; stable, since it is kept.</param>
/// <param name="Bench">Bench file; empty where no device takes part.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Work">The work; gives the response. Stops with an <see cref="OperationCanceledException"/> when its token says so.</param>
internal sealed record OperationTask(
    string Kind, string Bench, IMessage Request, OperationOrigin Origin, Func<LongOperation, CancellationToken, Task<IMessage>> Work)
{
    /// <summary>Told to stop by something else than a client, such as the end of a lease; default: by nothing.</summary>
    public CancellationToken Ending { get; init; }

    /// <summary>Held while it runs, given back when it ended; null: nothing.</summary>
    public IDisposable? Holds { get; init; }
}
