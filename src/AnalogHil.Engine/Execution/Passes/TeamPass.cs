using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>
/// Several threads on one block of images, step by step: each step's parts are taken in turn by whoever is free. Helpers that the thread pool starts late, or
/// never, delay nothing; between steps they spin shortly and then give their processor away.
/// </summary>
internal sealed class TeamPass
{
    private const int SpinsBeforeYield = 200;
    private readonly ForwardContext _context;
    private readonly IReadOnlyList<Step> _steps;
    private readonly Worker[] _workers;
    private readonly int[] _parts;

    // Step in the upper half, next part in the lower: a claim can never be for another step than it says.
    private long _ticket;
    private int _finished;
    private volatile Exception? _error;

    private TeamPass(ForwardContext context, IReadOnlyList<Step> steps, Worker[] workers)
    {
        _context = context;
        _steps = steps;
        _workers = workers;
        _parts = new int[steps.Count];
        _ticket = -1L << 32;
    }

    /// <summary>Runs all steps; results are those of one thread, bit for bit.</summary>
    public static void Run(ForwardContext context, IReadOnlyList<Step> steps, Worker[] workers)
    {
        var pass = new TeamPass(context, steps, workers);
        var helpers = new Task[workers.Length - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            int worker = i + 1;
            helpers[i] = Task.Run(() => pass.Help(worker));
        }

        try
        {
            pass.Lead();
        }
        finally
        {
            Interlocked.Exchange(ref pass._ticket, (long)steps.Count << 32);
            Task.WaitAll(helpers);
        }

        if (pass._error is { } error)
        {
            throw new InvalidOperationException($"a thread failed in its part of a layer: {error.Message}", error);
        }
    }

    private void Lead()
    {
        for (int step = 0; step < _steps.Count && _error is null; step++)
        {
            _parts[step] = _steps[step].Parts(_context, _workers.Length);
            _steps[step].Prepare(_context);
            if (_parts[step] == 1)
            {
                _steps[step].ForwardPart(_context, 0, _workers.Length, _context.Scratch);
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

    private void Help(int worker)
    {
        int last = -1;
        int spins = 0;
        while (true)
        {
            int step = (int)(Interlocked.Read(ref _ticket) >> 32);
            if (step >= _steps.Count)
            {
                return;
            }

            if (step > last)
            {
                Take(step, _workers[worker].Scratch);
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
                if (ticket >> 32 > step && ticket >> 32 < _steps.Count && part < _parts[(int)(ticket >> 32)])
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
                _steps[step].ForwardPart(_context, part, _workers.Length, scratch);
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
