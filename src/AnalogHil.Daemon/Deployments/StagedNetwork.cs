using AnalogHil.Core.Averaging;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
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
/// <param name="Test">Those images.</param>
internal sealed record StagedNetwork(
    INetwork Network, string ModelFile, string ModelSha256, NetworkOnDevice Layout, ReadoutCorrection Correction,
        string Record, string DataDirectory, LabelledImages Test)
{
    /// <summary>Up to which K repeats were seen to pay; null for a device without noise.</summary>
    public CertifiedLaw? Certificate { get; init; }

    /// <summary>Plan in the staged bank; null when nothing of a plan is staged.</summary>
    public StagedPlan? Staged { get; init; }

    /// <summary>Plan in force; null before the first commit: K = 1 everywhere.</summary>
    public StagedPlan? Active { get; init; }

    /// <summary>Plan in force before the last commit.</summary>
    public StagedPlan? Previous { get; init; }

    /// <summary>After a rollback, as the device tells it: what was staged is dropped, and one commit is undone where there was one to undo.</summary>
    /// <param name="activeHash">Hash of the settings in force now.</param>
    public StagedNetwork RolledBack(string activeHash) => this with
    {
        Staged = null,
        Active = activeHash == Active?.SettingsHash ? Active : activeHash == Previous?.SettingsHash ? Previous : null,
        Previous = activeHash == Active?.SettingsHash ? Previous : null,
    };
}
