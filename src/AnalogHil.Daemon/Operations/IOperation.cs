using Google.LongRunning;

namespace AnalogHil.Daemon.Operations;

/// <summary>Work that outlives the call which started it.</summary>
internal interface IOperation
{
    /// <summary>"operations/...".</summary>
    string Name { get; }

    /// <summary>Whether it has ended.</summary>
    bool IsDone { get; }

    /// <summary>The operation as clients see it now.</summary>
    Operation ToMessage();

    /// <summary>Asks it to stop; does nothing once it has ended.</summary>
    Task CancelAsync();

    /// <summary>The operation now, then whenever it changed, up to and with its end; a slow watcher sees the newest state.</summary>
    IAsyncEnumerable<Operation> WatchAsync(CancellationToken cancellationToken);
}
