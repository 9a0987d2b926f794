using System.Globalization;

namespace AnalogHil.Engine.Tests.Models;

/// <summary>The products of a network as counted by somebody else: one line for each Conv, Gemm and MatMul, in graph order.</summary>
internal static class MacTable
{
    public sealed record Line(string Node, string Operator, bool HasWeights, int Groups, int DotLength, long Outputs, long Macs);

    public static Line[] Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.StartsWith("node,type,operand2,groups,dot_length,outputs,macs,", lines[0], StringComparison.Ordinal);
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select(line =>
        {
            string[] cells = line.Split(',');
            return new Line(cells[0], cells[1], cells[2] == "weight", Number(cells[3]), Number(cells[4]), long.Parse(cells[5], CultureInfo.InvariantCulture), long.Parse(cells[6], CultureInfo.InvariantCulture));
        })];
    }

    public static Line[] Of(OnnxNetwork network) =>
    [
        .. network.AnalogNodes.Select(node => new Line(
            node.Name, node.Operator, node.Operands == ProductOperands.Weights, Groups(node), node.DotLength, (long)node.Channels * node.Positions, node.Macs)),
    ];

    // The table's groups are those of convolutions; heads are not counted.
    private static int Groups(AnalogNode node) => node.Operands == ProductOperands.Weights ? node.Groups : 1;

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}
