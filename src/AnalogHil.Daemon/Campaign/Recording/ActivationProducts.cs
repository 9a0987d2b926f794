using AnalogHil.Daemon.Records;
using AnalogHil.Engine;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>Where the products of two activations of a network are computed: on a device whose two operands may both change with every product, else digitally.</summary>
internal static class ActivationProducts
{
    /// <summary>What the record says; null for a network without any.</summary>
    public static ProductsRecord? Of(INetwork network)
    {
        AnalogNode[] analog = [.. network.AnalogNodes.Where(node => node.Operands == ProductOperands.TwoActivations)];
        AnalogNode[] digital = [.. network.DigitalProducts.Where(node => node.Operands == ProductOperands.TwoActivations)];
        return analog.Length > 0
            ? Record("analog", "the device takes both operands of a product as inputs", analog)
            : digital.Length > 0 ? Record("digital", "the device multiplies by programmed weights only", digital) : null;
    }

    /// <summary>What they take for granted; null for a network without any.</summary>
    public static string? Assumption(INetwork network) => Of(network) switch
    {
        { Computed: "analog" } products =>
            $"{Named(products)} run on the device: {products.Reason}. The second operand is converted as inputs are, its full scale is the largest magnitude in the calibration examples, and its noise is that of programmed weights; nothing but their softmax and scaling stays digital.",
        { } products => $"{Named(products)} are computed digitally, without noise and without K: {products.Reason}.",
        null => null,
    };

    private static string Named(ProductsRecord products) =>
        $"{products.Nodes.Length} matrix products of two activations ({products.Nodes[0]} to {products.Nodes[^1]}, {products.Macs} multiply-accumulates of an example)";

    private static ProductsRecord Record(string computed, string reason, AnalogNode[] nodes) =>
        new(computed, reason, nodes.Sum(node => node.Macs), [.. nodes.Select(node => node.Name)]);
}
