namespace AnalogHil.Cli.Doctoring;

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Good">Whether it is as it must be.</param>
/// <param name="Found">What it is.</param>
/// <param name="Remedy">What to do; empty when it is good.</param>
internal sealed record Finding(string Check, bool Good, string Found, string Remedy = "");
