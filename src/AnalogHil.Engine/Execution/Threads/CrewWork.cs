namespace AnalogHil.Engine.Execution.Threads;

/// <summary>Work that the threads of a <see cref="ThreadCrew"/> take part in.</summary>
internal abstract class CrewWork
{
    /// <summary>Takes part until nothing is left.</summary>
    /// <param name="worker">Place in the crew; 0 is the calling thread.</param>
    public abstract void Work(int worker);
}
