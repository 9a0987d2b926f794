using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Numbers the analog products in graph order.</summary>
internal static class NumberProducts
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        int products = 0;
        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.Select(node => node.Operation switch
                {
                    ProductOperation product => node with { Operation = product with { AnalogIndex = products++ } },
                    ActivationProductOperation { IsAnalog: true } product => node with { Operation = product with { AnalogIndex = products++ } },
                    _ => node,
                }),
            ],
        };
    }

    /// <summary>The same graph with the products of two activations computed digitally.</summary>
    public static NetworkGraph WithDigitalActivationProducts(NetworkGraph graph) => Run(graph with
    {
        Nodes = [.. graph.Nodes.Select(node => node.Operation is ActivationProductOperation product ? node with { Operation = product with { AnalogIndex = -1 } } : node)],
    });
}
