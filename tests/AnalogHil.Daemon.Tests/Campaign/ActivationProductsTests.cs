using AnalogHil.Daemon.Campaign.Recording;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Reports;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Reports;
using AnalogHil.Engine;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class ActivationProductsTests
{
    private static readonly AnalogNode[] Nodes =
    [
        Node("fc", ProductOperands.Weights), Node("scores", ProductOperands.TwoActivations), Node("mixed", ProductOperands.TwoActivations),
    ];

    [Fact]
    public void Of_ADeviceThatTakesBothOperands_SaysAnalogAndWhy()
    {
        var network = new ListedNetwork(Nodes, []);
        ProductsRecord products = ActivationProducts.Of(network)!;
        Assert.Equal(("analog", 48L), (products.Computed, products.Macs));
        Assert.Equal(["scores", "mixed"], products.Nodes.AsEnumerable());
        Assert.Contains("2 matrix products of two activations (scores to mixed, 48 multiply-accumulates of an example) run on the device", ActivationProducts.Assumption(network), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ADeviceThatHoldsOneOperand_SaysDigitalAndWhy()
    {
        var network = new ListedNetwork(Nodes[..1], Nodes[1..]);
        ProductsRecord products = ActivationProducts.Of(network)!;
        Assert.Equal(("digital", "the device multiplies by programmed weights only"), (products.Computed, products.Reason));
        Assert.EndsWith(
            "are computed digitally, without noise and without K: the device multiplies by programmed weights only.",
            ActivationProducts.Assumption(network), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ANetworkWithoutThem_SaysNothing()
    {
        Assert.Null(ActivationProducts.Of(new ListedNetwork(Nodes[..1], [])));
        Assert.Null(ActivationProducts.Assumption(new ListedNetwork(Nodes[..1], [])));
    }

    [Fact]
    public void Record_WithProductsOfTwoActivations_KeepsAndShowsThem()
    {
        CampaignRecord sample = SampleRecord.Complete();
        CampaignRecord record = sample with { Model = sample.Model! with { ActivationProducts = ActivationProducts.Of(new ListedNetwork(Nodes[..1], Nodes[1..])) } };
        string json = RecordJson.Serialize(record);
        Assert.Contains("\"activation_products\"", json, StringComparison.Ordinal);
        Assert.Equal(["scores", "mixed"], RecordJson.Deserialize(json).Model!.ActivationProducts!.Nodes.AsEnumerable());
        Assert.Contains("2 digital (48 MACs per image): the device multiplies by programmed weights only; scores, mixed", HtmlReport.Render(record), StringComparison.Ordinal);
    }

    private static AnalogNode Node(string name, ProductOperands operands) => new()
    {
        Index = 0, Name = name, Operator = "MatMul", Operands = operands, DotLength = 2, Channels = 4, Groups = 2, Positions = 3, Weights = default,
    };
}
