namespace AnalogHil.Engine.Execution.Threads;

/// <summary>Shares blocks of images over threads. Which thread takes which block is left to chance; no result depends on it.</summary>
internal sealed class BlockScheduler(ThreadCrew crew) : CrewWork
{
    private Action<int, int> _work = static (_, _) => { };
    private int _blocks;
    private int _next;

    /// <summary>Threads at most.</summary>
    public int Threads => crew.Threads;

    /// <summary>Images of one block, so that every thread has one where there are enough.</summary>
    public int BlockFor(int images, int largest) => Math.Clamp((images + Threads - 1) / Threads, 1, largest);

    /// <summary>
    /// Calls <paramref name="work"/> (worker, block) for every block; with a single block or thread, on the caller's thread alone. Allocates nothing.
    /// </summary>
    public void Run(int blocks, Action<int, int> work)
    {
        (_work, _blocks) = (work, blocks);
        Volatile.Write(ref _next, -1);
        crew.Start(this, Math.Min(Threads, blocks) - 1);
        try
        {
            Work(0);
        }
        finally
        {
            crew.Finish();
        }
    }

    public override void Work(int worker)
    {
        for (int block = Interlocked.Increment(ref _next); block < _blocks; block = Interlocked.Increment(ref _next))
        {
            _work(worker, block);
        }
    }
}
