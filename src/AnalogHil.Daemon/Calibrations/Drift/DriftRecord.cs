using System.Text.Json;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What drift meant for a plan, with its certificate: drift.json beside the renewed calibration. Drops are fractions.</summary>
/// <param name="Calibration">The calibration under which it was looked at.</param>
/// <param name="Record">Directory of the campaign whose plan it is.</param>
/// <param name="Outcome">What became of the plan.</param>
/// <param name="Reason">The same in words, with figures.</param>
/// <param name="BudgetReadsPerMac">Energy of the old plan: the limit.</param>
/// <param name="EnergyReadsPerMac">Energy of the plan that is certified here, with its 95 % interval.</param>
/// <param name="Verdict">Of the certification.</param>
/// <param name="Drop">Observed drop.</param>
/// <param name="Limits">One-sided limits of the drop at <paramref name="LevelOfEach"/>.</param>
/// <param name="TargetDrop">Largest drop to be tolerated.</param>
/// <param name="Examples">Examples compared.</param>
/// <param name="Looks">Certifications made: of the plan in force, and of another.</param>
/// <param name="LevelOfEach">One-sided level of each of them; two of them together keep twice that.</param>
/// <param name="PlanFile">File of the new plan; null where the old one stays.</param>
/// <param name="Assumptions">What the certificate takes for granted.</param>
internal sealed record DriftRecord(
    string Calibration, string Record, ReallocationOutcome Outcome, string Reason, double BudgetReadsPerMac, Estimate EnergyReadsPerMac, Verdict Verdict,
    double Drop, Interval Limits, double TargetDrop, long Examples, int Looks, double LevelOfEach, string? PlanFile, string Assumptions)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "drift.json";

    /// <summary>Writes it.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Readable));
    }
}
