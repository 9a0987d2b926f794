using System.Text.Json;

namespace AnalogHil.Engine.Tests.Oracles;

/// <summary>A file that make_gradients.py wrote.</summary>
internal sealed record OracleGradients(string Model, int Images, ulong Seed, long FirstImage, OracleGradients.Case[] Gradients)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static OracleGradients Read(string model) => JsonSerializer.Deserialize<OracleGradients>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "AnalogHil.Engine.Tests", "Oracles", model + ".gradients.json")), Options)!;

    /// <summary>One law, with deviations detached or not.</summary>
    /// <param name="Law">thermal, weight or shot.</param>
    /// <param name="Detached">Whether gradients stop at the deviations.</param>
    /// <param name="Loss">Cross entropy summed over the images.</param>
    /// <param name="Channels">dLoss / d ln E of each layer and channel; null where only layers are kept.</param>
    /// <param name="Layers">The same summed over the channels of each layer.</param>
    public sealed record Case(string Law, bool Detached, double Loss, double[][]? Channels, double[]? Layers);
}
