namespace AnalogHil.Engine;

/// <summary>
/// A model file cannot be used: damaged, malformed, too large, or with an operator the engine does not know. The message gives cause, place and remedy.
/// </summary>
public sealed class ModelImportException : Exception
{
    /// <summary>An error without details.</summary>
    public ModelImportException()
    {
    }

    /// <summary>An error with its cause and remedy.</summary>
    public ModelImportException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause and remedy, and what raised it.</summary>
    public ModelImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
