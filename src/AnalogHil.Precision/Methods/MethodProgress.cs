namespace AnalogHil.Precision.Methods;

/// <summary>Where a method stands.</summary>
/// <param name="Fraction">Share of the most work it may do, 0 .. 1; it may end earlier.</param>
/// <param name="Message">One line for a person.</param>
public sealed record MethodProgress(double Fraction, string Message);
