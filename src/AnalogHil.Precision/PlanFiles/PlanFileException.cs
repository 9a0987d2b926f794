namespace AnalogHil.Precision.PlanFiles;

/// <summary>A plan file that cannot be used. The message names the place in the file, the value, what is allowed and what to do.</summary>
public sealed class PlanFileException : Exception
{
    /// <summary>Creates the error.</summary>
    public PlanFileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
