namespace AnalogHil.Engine.Execution.Threads;

/// <summary>
/// A thread that waits for work of any network of this process: it spins for some microseconds after its last piece, then sleeps. Handing it work and
/// taking it back allocates
/// nothing. Threads are made when none is free and never end; there are as many as were ever wanted at the same time.
/// </summary>
internal sealed class ParkedThread
{
    private const int Idle = 0;
    private const int Posted = 1;
    private const int Running = 2;
    private const int Done = 3;

    // About 20 microseconds: the next layer, or call, often comes within them, and longer spinning takes the units of a core from its other thread.
    private const int Spins = 40;
    private const int PausesPerSpin = 10;
    private static readonly Lock _freeThreads = new();
    private static ParkedThread? _free;
    private static int _made;
    private readonly object _gate = new();
    private ParkedThread? _nextFree;
    private CrewWork? _work;
    private int _worker;
    private int _state;
    private int _sleepers;
    private Exception? _error;

    private ParkedThread()
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = $"AnalogHil engine {Interlocked.Increment(ref _made)}" };
        thread.Start();
    }

    /// <summary>Takes a free thread, or makes one.</summary>
    public static ParkedThread Rent()
    {
        lock (_freeThreads)
        {
            if (_free is { } thread)
            {
                _free = thread._nextFree;
                return thread;
            }
        }

        return new ParkedThread();
    }

    /// <summary>Hands it work.</summary>
    public void Post(CrewWork work, int worker)
    {
        (_work, _worker, _error) = (work, worker, null);
        Interlocked.Exchange(ref _state, Posted);
        Wake();
    }

    /// <summary>Takes the work back if the thread has not begun it, else waits until it is done; the thread is free afterwards.</summary>
    /// <returns>What the work threw, or null.</returns>
    public Exception? TakeBack()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Posted) != Posted)
        {
            Await(Done);
            Volatile.Write(ref _state, Idle);
        }

        Exception? error = _error;
        (_work, _error) = (null, null);
        lock (_freeThreads)
        {
            _nextFree = _free;
            _free = this;
        }

        return error;
    }

    private void Loop()
    {
        while (true)
        {
            Await(Posted);
            if (Interlocked.CompareExchange(ref _state, Running, Posted) != Posted)
            {
                continue;
            }

            try
            {
                _work!.Work(_worker);
            }
#pragma warning disable CA1031 // Whatever it is, the calling thread throws it again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }

            Interlocked.Exchange(ref _state, Done);
            Wake();
        }
    }

    private void Await(int state)
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            if (Volatile.Read(ref _state) == state)
            {
                return;
            }

            Thread.SpinWait(PausesPerSpin);
        }

        lock (_gate)
        {
            // Either this sees the new state, or who sets it sees the sleeper: both sides put a full fence between their write and their read.
            Interlocked.Increment(ref _sleepers);
            while (Volatile.Read(ref _state) != state)
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void Wake()
    {
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }
}
