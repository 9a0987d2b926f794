using System.Collections.Immutable;
using AnalogHil.PaperStudy.Cells;

namespace AnalogHil.PaperStudy.Tests;

/// <summary>Results made by hand.</summary>
internal static class Some
{
    public static CellResult Cell(string method, double energy, params double[] logs) => new()
    {
        Network = "net",
        Law = "thermal",
        Method = method,
        Fingerprint = "f",
        ModelSha256 = "0123456789abcdef",
        Macs = 1000,
        FloatAccuracy = 0.9,
        CleanAccuracy = 0.9,
        Energy = new EqualDrop(
            logs.Length > 0, energy, energy, logs.Length > 0 ? energy : double.PositiveInfinity, [.. logs], 0.02, -0.01, 100, Math.Max(logs.Length, 1), 10, 0.05, 0, double.PositiveInfinity, "because"),
        Learning = LearningCost.None,
        Certification = new CertificationResult(100, 0.02, 0, 0.05, 0.05, null, null, null, "none"),
        Layers = [new LayerEnergy("one", 1000, energy, energy, energy)],
        Seconds = 1,
    };

    public static ImmutableArray<double> Logs { get; } = [1.0, 1.1, 0.9, 1.05, 0.95];
}
