using System.Runtime.CompilerServices;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>
/// What happened in one campaign, for any number of watchers. A newer figure takes an older one's place, so the history stays short however
/// long a campaign runs, and a slow watcher sees the newest figure instead of a backlog.
/// </summary>
internal sealed class EventHistory(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<CampaignEvent> _events = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _sequence;
    private bool _complete;

    /// <summary>Adds an event; its number and time are set here. Nothing may follow a result or an error.</summary>
    public void Add(CampaignEvent happened)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            if (_complete)
            {
                throw new InvalidOperationException("the campaign has ended; nothing can happen in it any more");
            }

            int superseded = _events.FindIndex(older => Supersedes(happened, older));
            if (superseded >= 0)
            {
                _events.RemoveAt(superseded);
            }

            happened.Sequence = ++_sequence;
            happened.Time = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time.GetUtcNow());
            _events.Add(happened);
            _complete = IsLast(happened);
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    /// <summary>Every event that still counts, then the coming ones, up to and with the last.</summary>
    public async IAsyncEnumerable<CampaignEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = 0;
        while (true)
        {
            CampaignEvent? next;
            Task changed;
            lock (_gate)
            {
                next = _events.Find(candidate => candidate.Sequence > seen);
                changed = _changed.Task;
            }

            if (next is null)
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            seen = next.Sequence;
            yield return next;
            if (IsLast(next))
            {
                yield break;
            }
        }
    }

    /// <summary>The result or error; null while the campaign runs.</summary>
    public CampaignEvent? Last
    {
        get
        {
            lock (_gate)
            {
                return _complete ? _events[^1] : null;
            }
        }
    }

    private static bool IsLast(CampaignEvent happened) =>
        happened.KindCase is CampaignEvent.KindOneofCase.Result or CampaignEvent.KindOneofCase.Error;

    private static bool Supersedes(CampaignEvent newer, CampaignEvent older) => newer.KindCase == older.KindCase && newer.KindCase switch
    {
        CampaignEvent.KindOneofCase.Progress => newer.Progress.Phase == older.Progress.Phase,
        CampaignEvent.KindOneofCase.Sigmas => true,
        CampaignEvent.KindOneofCase.Repeats => !older.Repeats.Chosen,
        _ => false,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
