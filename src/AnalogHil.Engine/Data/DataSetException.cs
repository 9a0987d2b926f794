namespace AnalogHil.Engine.Data;

/// <summary>A data file is missing, damaged or does not fit its neighbours. The message gives cause, limit and remedy.</summary>
public sealed class DataSetException : Exception
{
    /// <summary>An error without details.</summary>
    public DataSetException()
    {
    }

    /// <summary>An error with its cause and remedy.</summary>
    public DataSetException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause and remedy, and what raised it.</summary>
    public DataSetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
