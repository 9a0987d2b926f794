using System.Runtime.CompilerServices;
using AnalogHil.Ledger.Operations;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Operations;

/// <summary>An operation that ended in an earlier life of the daemon.</summary>
internal sealed class KeptOperation(OperationEntry entry) : IOperation
{
    /// <inheritdoc/>
    public string Name => entry.Name;

    /// <summary>What ran.</summary>
    public string Kind => entry.Draft.Kind;

    /// <summary>What was asked for.</summary>
    public ReadOnlyMemory<byte> Request => entry.Draft.Request;

    /// <inheritdoc/>
    public bool IsDone => true;

    /// <inheritdoc/>
    public Operation ToMessage()
    {
        var message = new Operation { Name = Name, Done = true, Metadata = Any.Parser.ParseFrom(entry.Draft.Metadata.Span) };
        if (entry.Result is { } result)
        {
            message.Response = Any.Parser.ParseFrom(result.Span);
        }
        else
        {
            message.Error = Google.Rpc.Status.Parser.ParseFrom(entry.Error!.Value.Span);
        }

        return message;
    }

    /// <inheritdoc/>
    public Task CancelAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Operation> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return ToMessage();
    }
}
