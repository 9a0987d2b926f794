using System.Diagnostics.CodeAnalysis;

namespace AnalogHil.Daemon.Benches;

/// <summary>Who holds which bench. A bench is held by one campaign at a time; those that wait get it in the order they asked.</summary>
internal sealed class BenchLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Takes the bench if it is free.</summary>
    /// <param name="bench">Key of the bench.</param>
    /// <param name="candidate">Name of the operation that wants it.</param>
    /// <param name="hold">The hold, to be disposed by its holder.</param>
    /// <param name="holder">Who has it when it is not free.</param>
    public bool TryAcquire(
        string bench, string candidate, [NotNullWhen(true)] out IDisposable? hold, [NotNullWhen(false)] out string? holder)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(bench, out Entry? entry))
            {
                hold = null;
                holder = entry.Holder;
                return false;
            }

            _entries[bench] = new Entry(candidate);
            hold = new Hold(this, bench);
            holder = null;
            return true;
        }
    }

    /// <summary>Takes the bench, after whoever holds it or asked before.</summary>
    public async Task<IDisposable> AcquireAsync(string bench, string candidate, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (!_entries.TryGetValue(bench, out Entry? entry))
            {
                _entries[bench] = new Entry(candidate);
                return new Hold(this, bench);
            }

            waiter = new Waiter(candidate);
            entry.Waiting.AddLast(waiter);
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() => waiter.Granted.TrySetCanceled(cancellationToken));
        await waiter.Granted.Task.ConfigureAwait(false);
        return new Hold(this, bench);
    }

    /// <summary>Name of the operation that holds the bench; null when it is free.</summary>
    public string? HolderOf(string bench)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(bench)?.Holder;
        }
    }

    private void Release(string bench)
    {
        lock (_gate)
        {
            Entry entry = _entries[bench];
            while (entry.Waiting.First is { } next)
            {
                entry.Waiting.RemoveFirst();
                entry.Holder = next.Value.Candidate;
                if (next.Value.Granted.TrySetResult())
                {
                    return;
                }
            }

            _entries.Remove(bench);
        }
    }

    private sealed class Entry(string holder)
    {
        public string Holder { get; set; } = holder;

        public LinkedList<Waiter> Waiting { get; } = new();
    }

    private sealed record Waiter(string Candidate)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Hold(BenchLedger ledger, string bench) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                ledger.Release(bench);
            }
        }
    }
}
