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
/// <param name="VariantHash">Hash of the full scales, gains and offsets that it was learned with; null for none.</param>
/// <param name="Unseen">Test images that nothing of the plan was chosen on.</param>
/// <param name="Notes">What a person should know before relying on it.</param>
internal sealed record StagedPlan(PrecisionPlan Plan, string SettingsHash, string? VariantHash, LabelledImages Unseen, ImmutableArray<string> Notes)
{
    /// <summary>What a client commits: the hash of the settings; of more where the plan has copies in space, or full scales, gains and offsets of its own, which are
    /// no settings.</summary>
    public string Hash { get; } = HashOf(Plan, SettingsHash, VariantHash);

    private static string HashOf(PrecisionPlan plan, string settings, string? variant)
    {
        string[] beyond =
        [
            .. plan.Layers.Where(layer => layer.Mode == RedundancyMode.SpatialCopies && layer.Repeats.Max() > 1)
                .Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer.Repeats.Max()} {layer.Layer}")),
            .. variant is null ? Array.Empty<string>() : [$"variant {variant}"],
        ];
        return beyond.Length == 0
            ? settings
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [settings, .. beyond]))));
    }
}
