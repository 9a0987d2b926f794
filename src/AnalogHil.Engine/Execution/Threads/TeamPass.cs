using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Execution.Threads;

/// <summary>
/// Several threads on one block of images, step by step: each step's parts are taken in turn by whoever is free. Between steps helpers spin shortly and
/// then give their
/// processor away. The same object serves call after call, so that none allocates.
/// </summary>
internal sealed class TeamPass(ThreadCrew crew, IReadOnlyList<Step> steps, Worker[] workers) : CrewWork
{
    private const int SpinsBeforeYield = 200;
    private readonly int[] _parts = new int[steps.Count];
    private ForwardContext _context = workers[0].Whole;

    // Step in the upper half, next part in the lower: a claim can never be for another step than it says.
    private long _ticket;
    private int _finished;
    private volatile Exception? _error;

    /// <summary>Runs all steps; results are those of one thread, bit for bit.</summary>
    public void Run(ForwardContext context)
    {
        _context = context;
        _error = null;
        Interlocked.Exchange(ref _ticket, -1L << 32);
        crew.Start(this, workers.Length - 1);
        try
        {
            Lead();
        }
        finally
        {
            Interlocked.Exchange(ref _ticket, (long)steps.Count << 32);
            crew.Finish();
        }

        if (_error is { } error)
        {
            throw new InvalidOperationException($"a thread failed in its part of a layer: {error.Message}", error);
        }
    }

    private void Lead()
    {
        for (int step = 0; step < steps.Count && _error is null; step++)
        {
            _parts[step] = steps[step].Parts(_context, workers.Length);
            steps[step].Prepare(_context);
            if (_parts[step] == 1)
            {
                steps[step].ForwardPart(_context, 0, workers.Length, _context.Scratch);
                continue;
            }

            Volatile.Write(ref _finished, 0);
            Interlocked.Exchange(ref _ticket, (long)step << 32);
            Take(step, _context.Scratch);
            var wait = new SpinWait();
            while (Volatile.Read(ref _finished) < _parts[step])
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    public override void Work(int worker)
    {
        int last = -1;
        int spins = 0;
        while (true)
        {
            int step = (int)(Interlocked.Read(ref _ticket) >> 32);
            if (step >= steps.Count)
            {
                return;
            }

            if (step > last)
            {
                Take(step, workers[worker].Scratch);
                last = step;
                spins = 0;
            }
            else if (++spins < SpinsBeforeYield)
            {
                Thread.SpinWait(20);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void Take(int step, Scratch scratch)
    {
        while (true)
        {
            long ticket = Interlocked.Increment(ref _ticket) - 1;
            int part = (int)ticket;
            if (ticket >> 32 != step || part >= _parts[step])
            {
                // A claim on a later step that came in between is not lost: hand it on by taking it now.
                if (ticket >> 32 > step && ticket >> 32 < steps.Count && part < _parts[(int)(ticket >> 32)])
                {
                    step = (int)(ticket >> 32);
                }
                else
                {
                    return;
                }
            }

            try
            {
                steps[step].ForwardPart(_context, part, workers.Length, scratch);
            }
#pragma warning disable CA1031 // Whatever it is, the leading thread throws it again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }

            Interlocked.Increment(ref _finished);
        }
    }
}
