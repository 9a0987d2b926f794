namespace AnalogHil.Benchmarks.Reporting;

/// <summary>A benchmark parameter that knows the work of one call, so that the table can show a rate.</summary>
public interface IWork
{
    /// <summary>Numbers, reads or floating-point operations of one call.</summary>
    double Work { get; }

    /// <summary>Unit of the rate at 10^9 a second: "G numbers/s", "GFLOP/s".</summary>
    string GigaUnit { get; }
}
