using System.Globalization;
using System.Text;
using AnalogHil.Engine;

namespace AnalogHil.Benchmarks.Roofline;

/// <summary>Measures machine and networks in one run and writes roofline.svg and roofline-figures.md.</summary>
internal static class RooflineReport
{
    public static void Write(string folder, IReadOnlyList<string> models)
    {
        MachineLimits limits = MachineLimits.Measure();
        List<(string Name, LayerTime[] Layers)> networks = [];
        var text = new StringBuilder("# Roofline figures\n\nWritten by the benchmark program; one thread, one image, the shortest of 15 passes for each layer.\n\n");
        void Add(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"Machine: {limits.Flops / 1e9:0} GFLOP/s (multiply-adds in registers), {limits.Bandwidth / 1e9:0.0} GB/s (copy of 64 MiB, read and written), {limits.Normals / 1e9:0.00} G Gaussian numbers/s.");
        foreach (string model in models)
        {
            OnnxNetwork network = OnnxNetwork.Load(model, new EngineOptions { Threads = 1 });
            LayerTime[] layers = LayerTime.Measure(network);
            networks.Add((network.Name, layers));
            Add($"\n## {network.Name}\n");
            Add($"| layers | count | share of GFLOP | ms clean | GFLOP/s | ms with thermal noise | ns of noise for an output | bound of roofline, ms |");
            Add($"|---|---|---|---|---|---|---|---|");
            double all = layers.Sum(layer => layer.Operations);
            foreach (IGrouping<string, LayerTime> kind in layers.GroupBy(Kind).OrderByDescending(group => group.Sum(layer => layer.Seconds)))
            {
                double seconds = kind.Sum(layer => layer.Seconds);
                double noisy = kind.Sum(layer => layer.NoisySeconds);
                double operations = kind.Sum(layer => layer.Operations);
                double outputs = kind.Sum(layer => (double)(layer.Node?.Positions ?? 0) * (layer.Node?.Channels ?? 0));
                double bound = kind.Sum(layer => Math.Max(layer.Operations / limits.Flops, layer.Bytes / limits.Bandwidth));
                Add($"| {kind.Key} | {kind.Count()} | {operations / all:P0} | {1e3 * seconds:0.00} | {operations / seconds / 1e9:0.0} | {1e3 * noisy:0.00} | {(outputs > 0 ? 1e9 * (noisy - seconds) / outputs : 0):0.00} | {1e3 * bound:0.00} |");
            }

            Add($"| all | {layers.Length} | 100 % | {1e3 * layers.Sum(l => l.Seconds):0.00} | {all / layers.Sum(l => l.Seconds) / 1e9:0.0} | {1e3 * layers.Sum(l => l.NoisySeconds):0.00} | | |");
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "roofline.svg"), RooflineChart.Draw(limits, networks));
        File.WriteAllText(Path.Combine(folder, "roofline-figures.md"), text.ToString());
        Console.Write(text);
    }

    private static string Kind(LayerTime layer) => layer.Node switch
    {
        null => "no product (pools, sums)",
        { DotLength: var length, GroupChannels: 1, Groups: > 1 } => string.Create(CultureInfo.InvariantCulture, $"depthwise of {length} taps"),
        { Positions: 1 } => "dense",
        { Positions: <= 49 } => "7 x 7 outputs",
        { Positions: <= 196 } => "14 x 14 outputs",
        { Positions: <= 784 } => "28 x 28 outputs",
        { Positions: <= 3136 } => "56 x 56 outputs",
        _ => "112 x 112 outputs",
    };
}
