using System.Collections.Immutable;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>
/// Changes of one device come one after the other: each is several calls of it. Who waits for a short change gets the turn after it; who would wait for an
/// operation is refused. Turning the drive off takes no turn.
/// </summary>
/// <param name="bench">Bench file.</param>
#pragma warning disable CA1001 // Without timers or wait handles there is nothing to free, and a change that waits for its turn must not find them gone.
internal sealed class ChangeTurns(string bench)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private CancellationTokenSource _held = new();
    private string? _holder;

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancellationToken">Gives the waiting up: nothing is changed later for a caller who has gone.</param>
    /// <returns>The turn, to be disposed when the change is through.</returns>
    /// <exception cref="CampaignException">BenchBusy: an operation holds the device, from the beginning or since a moment of the waiting.</exception>
    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            CancellationToken held;
            lock (_gate)
            {
                if (_holder is { } holder)
                {
                    throw Busy(holder);
                }

                held = _held.Token;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held);
            try
            {
                await _turn.WaitAsync(either.Token).ConfigureAwait(false);
                return new Turn(this);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // An operation had its turn and holds the device now: refused above, unless it has ended already.
            }
        }
    }

    private void HeldBy(string operation)
    {
        CancellationTokenSource held;
        lock (_gate)
        {
            _holder = operation;
            held = _held;
        }

        held.Cancel();
    }

    private void Release()
    {
        lock (_gate)
        {
            if (_holder is not null)
            {
                _holder = null;
                _held = new CancellationTokenSource();
            }
        }

        _turn.Release();
    }

    private CampaignException Busy(string holder) => new(
        ErrorReason.BenchBusy,
        $"bench {Path.GetFileNameWithoutExtension(bench)} is held by {holder}, and nothing on its device is changed before that ends; wait for its end "
            + $"(hil campaign watch {holder}) or cancel it (hil campaign cancel {holder})")
    {
        Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", bench),
    };

    /// <summary>The right to change the device.</summary>
    public sealed class Turn(ChangeTurns turns) : IDisposable
    {
        private int _ended;

        /// <summary>An operation goes on with this turn for minutes to hours: whoever waits, or comes until it is disposed, is refused.</summary>
        /// <param name="operation">Its name.</param>
        public void HoldFor(string operation) => turns.HeldBy(operation);

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                turns.Release();
            }
        }
    }
}
