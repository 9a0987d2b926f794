using AnalogHil.Core.Plans;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A network whose weights are on a device.</summary>
/// <param name="Network">The clean network.</param>
/// <param name="ModelFile">Its file.</param>
/// <param name="ModelSha256">SHA-256 of that file, lower-case hex.</param>
/// <param name="Layout">Where its weights are.</param>
/// <param name="Correction">Gain and offset of the columns, as calibrated.</param>
/// <param name="Record">Directory of the record that the calibration is from.</param>
/// <param name="DataDirectory">Images of that record's campaign.</param>
internal sealed record StagedNetwork(
    INetwork Network, string ModelFile, string ModelSha256, NetworkOnDevice Layout, ReadoutCorrection Correction, string Record, string DataDirectory)
{
    /// <summary>Plan in the staged bank; null when nothing of a plan is staged.</summary>
    public PrecisionPlan? Staged { get; init; }

    /// <summary>Plan in force; null before the first commit: K = 1 everywhere.</summary>
    public PrecisionPlan? Active { get; init; }

    /// <summary>Plan in force before the last commit.</summary>
    public PrecisionPlan? Previous { get; init; }
}
