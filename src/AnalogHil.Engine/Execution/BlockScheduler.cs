namespace AnalogHil.Engine.Execution;

/// <summary>Shares blocks of images over threads. Which thread takes which block is left to chance; no result depends on it.</summary>
internal sealed class BlockScheduler(int threads)
{
    /// <summary>Threads at most.</summary>
    public int Threads { get; } = threads;

    /// <summary>Images of one block, so that every thread has one where there are enough.</summary>
    public int BlockFor(int images, int largest) => Math.Clamp((images + Threads - 1) / Threads, 1, largest);

    /// <summary>Calls <paramref name="work"/> (worker, block) for every block; with a single block or thread, on the caller's thread alone.</summary>
    public void Run(int blocks, Action<int, int> work)
    {
        int workers = Math.Min(Threads, blocks);
        int next = -1;
        void Work(int worker)
        {
            for (int block = Interlocked.Increment(ref next); block < blocks; block = Interlocked.Increment(ref next))
            {
                work(worker, block);
            }
        }

        if (workers <= 1)
        {
            Work(0);
            return;
        }

        // A task the pool has not started yet is run here by WaitAll, so a busy pool delays nothing.
        var others = new Task[workers - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int worker = i + 1;
            others[i] = Task.Run(() => Work(worker));
        }

        try
        {
            Work(0);
        }
        finally
        {
            Task.WaitAll(others);
        }
    }
}
