using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Daemon.Campaign.Inputs;

/// <summary>The inputs of a campaign, read and checked.</summary>
/// <param name="Bench">The bench.</param>
/// <param name="Network">The model.</param>
/// <param name="Calibration">Images for ranges and sensitivities; no reported accuracy rests on them.</param>
/// <param name="Test">Images for search and certification.</param>
/// <param name="Fingerprint">Hashes of all of it, and the settings.</param>
internal sealed record CampaignInputs(
    IBench Bench, INetwork Network, LabelledImages Calibration, LabelledImages Test, Fingerprint Fingerprint);
