using System.Runtime.ExceptionServices;

namespace AnalogHil.Engine.Execution.Threads;

/// <summary>
/// The calling thread and its helpers for one piece of work at a time. Helpers that start late, or never, delay nothing: what they have not begun is taken
/// back.
/// </summary>
/// <param name="threads">Threads at most, the calling one included.</param>
internal sealed class ThreadCrew(int threads)
{
    private readonly ParkedThread?[] _helpers = new ParkedThread?[threads - 1];

    /// <summary>Threads at most.</summary>
    public int Threads { get; } = threads;

    /// <summary>Lets helpers take part; <see cref="Finish"/> has to follow.</summary>
    /// <param name="work">The work.</param>
    /// <param name="helpers">Helpers wanted, fewer than <see cref="Threads"/>.</param>
    public void Start(CrewWork work, int helpers)
    {
        for (int i = 0; i < helpers; i++)
        {
            ParkedThread helper = ParkedThread.Rent();
            _helpers[i] = helper;
            helper.Post(work, i + 1);
        }
    }

    /// <summary>Waits for the helpers that have begun and lets all of them go; throws what one of them threw.</summary>
    public void Finish()
    {
        Exception? first = null;
        for (int i = 0; i < _helpers.Length; i++)
        {
            Exception? error = _helpers[i]?.TakeBack();
            _helpers[i] = null;
            first ??= error;
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
