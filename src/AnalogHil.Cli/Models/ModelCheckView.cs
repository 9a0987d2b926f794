using System.Globalization;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Inspection;
using Spectre.Console;

namespace AnalogHil.Cli.Models;

/// <summary>A checked model as tables.</summary>
internal static class ModelCheckView
{
    /// <summary>Writes the tables.</summary>
    public static void Write(ModelCheck check, int batch, IAnsiConsole console)
    {
        Table nodes = new Table().Border(TableBorder.Rounded).Title("Analog nodes: N is the length of a dot product, MACs are for one item");
        foreach (string column in new[] { "node", "operator", "N", "channels", "groups", "positions", "MACs", "share" })
        {
            nodes.AddColumn(new TableColumn(column) { Alignment = column is "node" or "operator" ? Justify.Left : Justify.Right, NoWrap = column != "node" });
        }

        foreach (AnalogNode node in check.Network.AnalogNodes)
        {
            nodes.AddRow(
                Markup.Escape(node.Name), node.Operator + (node.Operands == ProductOperands.TwoActivations ? ", two activations" : ""), Count(node.DotLength), Count(node.Channels), Count(node.Groups), Count(node.Positions), Count(node.Macs),
                string.Create(CultureInfo.InvariantCulture, $"{100.0 * node.Macs / check.Macs:0.0} %"));
        }

        console.Write(nodes);
        string every = string.Join(", ", ModelCheck.StoredWeightDevices);
        console.WriteLine(check.ActivationProducts == 0
            ? $"All of them multiply by stored weights, which every kind of device can: {every}."
            : $"{check.ActivationProducts} of them (two activations) multiply activations by activations: {string.Join(", ", ModelCheck.ActivationDevices)} devices can, whose operands may both change with every product; beside others they are digital. The others every kind of device can: {every}.");
        Table facts = new Table().Border(TableBorder.Rounded).AddColumn("what").AddColumn("value");
        foreach ((string what, string value) in Facts(check, batch))
        {
            facts.AddRow(what, Markup.Escape(value));
        }

        console.Write(facts);
        if (check.PreprocessingProblem is { } problem)
        {
            console.MarkupLine($"[yellow]warning: {Markup.Escape(problem)}[/]");
        }

        console.WriteLine($"{check.Path}: good");
    }

    /// <summary>Name of a channel order in declarations.</summary>
    public static string NameOf(ChannelOrder order) => order switch
    {
        ChannelOrder.Gray => "gray",
        ChannelOrder.Rgb => "rgb",
        _ => "bgr",
    };

    private static IEnumerable<(string What, string Value)> Facts(ModelCheck check, int batch)
    {
        yield return ("SHA-256", check.Network.Sha256);
        yield return ("file", $"{Count(check.Contents.Bytes)} bytes, opset {check.Contents.Opset}{(check.Contents.Producer.Length > 0 ? ", by " + check.Contents.Producer : "")}");
        yield return ("operators", string.Join(", ", check.Contents.Operators.Select(count => $"{count.Count} {count.Operator}")));
        foreach (TensorDeclaration input in check.Contents.Inputs)
        {
            yield return ("input", Describe(input));
        }

        foreach (TensorDeclaration output in check.Contents.Outputs)
        {
            yield return ("output", $"{Describe(output)}, {check.Network.Classes} classes");
        }

        yield return ("parameters", $"{Count(check.Contents.Parameters)} stored; {Count(check.AnalogWeights)} weights in analog nodes");
        yield return ("MACs for one item", $"{Count(check.Macs)} in {check.Network.AnalogNodes.Count} analog nodes");
        NetworkMemory memory = check.Network.Memory(batch);
        yield return ("memory", $"{Bytes(memory.Total)} for batches of {batch} on {memory.Threads} threads: {Bytes(memory.Weights)} weights, {Bytes(memory.PackedWeights)} the same as kernels read them, "
            + $"{Bytes(memory.ActivationsPerThread)} feature maps and {Bytes(memory.ScratchPerThread)} working memory a thread");
        yield return ("preprocessing", check.Preprocessing is { } declared ? $"{declared.Source}: {Describe(declared)}" : check.TakesPictures ? "not declared" : "none needed, the inputs are no pictures");
    }

    private static string Describe(TensorDeclaration tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {tensor.ElementType}";

    private static string Describe(Preprocessing declared) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameOf(declared.Channels)}, ({declared.Scale} p - [{List(declared.Mean)}]) / [{List(declared.Std)}]{(declared.Crop is { } crop ? $", centre {crop.Height} x {crop.Width}" : "")}{(declared.LabelOffset != 0 ? $", class = label + {declared.LabelOffset}" : "")}");

    private static string List(IReadOnlyList<double> values) => string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long value) => value < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{value / 1024.0:0.0} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{value / 1048576.0:0.0} MiB");
}
