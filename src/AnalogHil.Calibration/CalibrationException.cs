namespace AnalogHil.Calibration;

/// <summary>The device answered, but what it answered cannot be calibrated. The message says cause, value, limit and remedy.</summary>
public sealed class CalibrationException : Exception
{
    /// <summary>Creates the error.</summary>
    public CalibrationException(CalibrationFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public CalibrationFault Fault { get; }
}
