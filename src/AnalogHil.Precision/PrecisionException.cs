namespace AnalogHil.Precision;

/// <summary>Precision work that cannot go on. The message says cause, value, limit and remedy.</summary>
public sealed class PrecisionException : Exception
{
    /// <summary>Creates the error.</summary>
    public PrecisionException(PrecisionFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>What kind of failure.</summary>
    public PrecisionFault Fault { get; }
}
