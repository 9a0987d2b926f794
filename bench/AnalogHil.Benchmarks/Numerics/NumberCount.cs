using AnalogHil.Benchmarks.Reporting;

namespace AnalogHil.Benchmarks.Numerics;

/// <summary>Gaussian numbers drawn in one call.</summary>
public sealed record NumberCount(int Length) : IWork
{
    public double Work => Length;

    public string GigaUnit => "G numbers/s";

    public override string ToString() => $"{Length}";
}
