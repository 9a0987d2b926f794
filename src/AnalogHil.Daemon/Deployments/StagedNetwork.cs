using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Networks;
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
    /// <summary>SHA-256 of those images and how they are prepared, lower-case hex.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Up to which K repeats were seen to pay; null for a device without noise.</summary>
    public CertifiedLaw? Certificate { get; init; }

    /// <summary>Full scales, gains and offsets that it runs with, as they were learned with a plan; null for the network itself.</summary>
    public LearnedVariant? Variant { get; init; }

    /// <summary>What runs: products on the device, and behind them what the variant adds digitally.</summary>
    public INetwork Deployed => Variant?.On(Network) ?? Network;

    /// <summary>Plan in the staged bank; null when nothing of a plan is staged.</summary>
    public StagedPlan? Staged { get; init; }

    /// <summary>Plan in force; null before the first commit: K = 1 everywhere.</summary>
    public StagedPlan? Active { get; init; }

    /// <summary>Plan in force before the last commit.</summary>
    public StagedPlan? Previous { get; init; }

    /// <summary>Whether what is programmed is what a plan is for: its variant of the network, in as many copies in space.</summary>
    public bool Holds(WantedPlan wanted) => Variant?.Hash == wanted.Variant?.Hash && Layout.Map.Layers.Zip(wanted.Plan.Layers)
        .All(pair => pair.First.Blocks.All(block => block.Copies.Length == (pair.Second.Mode == RedundancyMode.SpatialCopies ? pair.Second.Repeats.Max() : 1)));

    /// <summary>After a rollback, as the device tells it: what was staged is dropped, and one commit is undone where there was one to undo.</summary>
    /// <param name="activeHash">Hash of the settings in force now.</param>
    public StagedNetwork RolledBack(string activeHash) => this with
    {
        Staged = null,
        Active = activeHash == Active?.SettingsHash ? Active : activeHash == Previous?.SettingsHash ? Previous : null,
        Previous = activeHash == Active?.SettingsHash ? Previous : null,
    };
}
