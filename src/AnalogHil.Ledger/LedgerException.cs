namespace AnalogHil.Ledger;

/// <summary>The ledger refuses. The message says cause, value, limit and remedy.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>Creates the error.</summary>
    public LedgerException(LedgerFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Kind of refusal.</summary>
    public LedgerFault Fault { get; }
}
