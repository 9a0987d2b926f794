using AnalogHil.Benchmarks.Reporting;

namespace AnalogHil.Benchmarks.Numerics;

/// <summary>[rows x depth] times [depth x columns]; a multiply-add counts as two operations.</summary>
public sealed record ProductShape(int Rows, int Depth, int Columns) : IWork
{
    public double Work => 2.0 * Rows * Depth * Columns;

    public string GigaUnit => "GFLOP/s";

    public override string ToString() => $"{Rows}x{Depth}x{Columns}";
}
