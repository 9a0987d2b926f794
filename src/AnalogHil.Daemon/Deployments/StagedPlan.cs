using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A plan on a device.</summary>
/// <param name="Plan">Repeats of each layer.</param>
/// <param name="SettingsHash">Hash of the settings that it stands for, as the device tells it.</param>
/// <param name="Unseen">Test images that nothing of the plan was chosen on.</param>
/// <param name="Notes">What a person should know before relying on it.</param>
internal sealed record StagedPlan(PrecisionPlan Plan, string SettingsHash, LabelledImages Unseen, ImmutableArray<string> Notes)
{
    /// <summary>What a client commits: the hash of the settings, and where the plan has copies in space, which are programmed and no settings, of both.</summary>
    public string Hash { get; } = HashOf(Plan, SettingsHash);

    private static string HashOf(PrecisionPlan plan, string settings)
    {
        (string Layer, int Copies)[] copied =
        [
            .. plan.Layers.Where(layer => layer.Mode == RedundancyMode.SpatialCopies && layer.Repeats.Max() > 1).Select(layer => (layer.Layer, layer.Repeats.Max())),
        ];
        return copied.Length == 0
            ? settings
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
                string.Join('\n', [settings, .. copied.Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Copies} {layer.Layer}"))]))));
    }
}
