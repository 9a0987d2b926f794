using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Mapping;

/// <summary>A network laid out on a device: scales, tiles, the weights to be written and the settings that a plan stands for.</summary>
public sealed class NetworkOnDevice
{
    private readonly Dictionary<int, int> _layerOfBlock = [];

    private NetworkOnDevice(
        ImmutableArray<AnalogNode> nodes, DeviceCapabilities capabilities, ImmutableArray<LayerScale> scales, TileMap map)
    {
        Nodes = nodes;
        Capabilities = capabilities;
        Scales = scales;
        Map = map;
        Programs =
        [
            .. map.Layers.SelectMany((mapped, layer) =>
                scales[layer].IsActivationProduct
                    ? BlockPrograms.Reserve(mapped)
                    : BlockPrograms.Build(mapped, scales[layer].Weights.Span, scales[layer].WeightFullScale)),
        ];
        for (int layer = 0; layer < map.Layers.Length; layer++)
        {
            foreach (MappedBlock block in map.Layers[layer].Blocks)
            {
                _layerOfBlock.Add(block.Block, layer);
            }
        }
    }

    /// <summary>The analog products, in graph order.</summary>
    public ImmutableArray<AnalogNode> Nodes { get; }

    /// <summary>What the device declares.</summary>
    public DeviceCapabilities Capabilities { get; }

    /// <summary>One for each node: full scales, row blocks, passes.</summary>
    public ImmutableArray<LayerScale> Scales { get; }

    /// <summary>Where the weights sit.</summary>
    public TileMap Map { get; }

    /// <summary>What <see cref="IAnalogDevice.ProgramAsync"/> is to be given; products of two activations have cells kept free for operands that come with every product.</summary>
    public ImmutableArray<BlockProgram> Programs { get; }

    /// <summary>Channels of each node whose full scale was widened to keep their reads within the converter's range (<see cref="ConverterFit"/>).</summary>
    /// <value>Empty where none was looked for.</value>
    public ImmutableArray<int> Widened { get; private init; } = [];

    /// <summary>Lays a network out.</summary>
    /// <param name="network">The network.</param>
    /// <param name="capabilities">What the device declares.</param>
    /// <param name="ranges">Input range of every node, observed on calibration images.</param>
    /// <param name="spatialPlan">A plan in copies in space, whose copies take cells; null for redundancy in time.</param>
    /// <exception cref="PrecisionException">Ranges or plan do not belong to the network, or it has analog products of two activations and the device cannot multiply them.</exception>
    /// <exception cref="MappingException">The network, or its copies, do not fit the device.</exception>
    public static NetworkOnDevice Create(
        INetwork network, DeviceCapabilities capabilities, IReadOnlyList<InputRange> ranges, PrecisionPlan? spatialPlan = null) =>
        Create(network, capabilities, ranges, TileMapper.Map(Shapes(network, spatialPlan), capabilities));

    /// <summary>Lays a network out on a map made elsewhere.</summary>
    /// <param name="network">The network.</param>
    /// <param name="capabilities">What the device declares.</param>
    /// <param name="ranges">Input range of every node, observed on calibration images.</param>
    /// <param name="map">Where the matrices of <see cref="Shapes"/> sit.</param>
    /// <exception cref="PrecisionException">Ranges or map do not belong to the network.</exception>
    public static NetworkOnDevice Create(INetwork network, DeviceCapabilities capabilities, IReadOnlyList<InputRange> ranges, TileMap map)
    {
        CheckOperands(network, capabilities);
        ImmutableArray<AnalogNode> nodes = [.. network.AnalogNodes];
        if (ranges.Count != nodes.Length || map.Layers.Length != nodes.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"{network.Name} has {nodes.Length} analog products, but {ranges.Count} input ranges and {map.Layers.Length} mapped layers were given; observe and map this network");
        }

        var scales = ImmutableArray.CreateBuilder<LayerScale>(nodes.Length);
        for (int layer = 0; layer < nodes.Length; layer++)
        {
            scales.Add(LayerScales.Of(nodes[layer], ranges[layer], capabilities, map.Layers[layer]));
        }

        return new NetworkOnDevice(nodes, capabilities, scales.MoveToImmutable(), map);
    }

    /// <summary>The matrices to be mapped.</summary>
    /// <param name="network">The network.</param>
    /// <param name="spatialPlan">A plan in copies in space; null for one copy of each.</param>
    public static IReadOnlyList<MatrixShape> Shapes(INetwork network, PrecisionPlan? spatialPlan = null)
    {
        if (spatialPlan is not null)
        {
            PlanFit.Check(network.AnalogNodes, spatialPlan);
        }

        return
        [
            .. network.AnalogNodes.Select((node, layer) => new MatrixShape(
                node.Name, node.DotLength, node.Channels, node.Groups, CopiesOf(spatialPlan?.Layers[layer]))),
        ];
    }

    /// <summary>Name of the layer a block belongs to.</summary>
    public string LayerOf(int block) =>
        _layerOfBlock.TryGetValue(block, out int layer) ? Nodes[layer].Name : "(no layer of this network)";

    /// <summary>The redundancy settings that a plan stands for: every block once, K per column where a layer's channels differ.</summary>
    /// <exception cref="PrecisionException">The plan does not fit the network or the device.</exception>
    public RedundancySettings SettingsOf(PrecisionPlan plan)
    {
        PlanFit.Check(Nodes, plan, Capabilities);
        var blocks = ImmutableArray.CreateBuilder<BlockRedundancy>();
        for (int layer = 0; layer < Nodes.Length; layer++)
        {
            LayerPlan repeats = plan.Layers[layer];
            PlanFit.CheckRows(repeats, Map.Layers[layer].RowStarts.AsSpan());
            foreach (MappedBlock block in Map.Layers[layer].Blocks)
            {
                if (repeats.Mode != RedundancyMode.SpatialCopies)
                {
                    blocks.Add(new BlockRedundancy(block.Block, repeats.Mode, ColumnsOf(repeats, block)));
                }
                else if (block.Copies.Length != repeats.Repeats[0])
                {
                    throw new PrecisionException(
                        PrecisionFault.PlanDoesNotFit,
                        $"layer {repeats.Layer}: the plan wants {repeats.Repeats[0]} copies, {block.Copies.Length} are mapped; lay the network out for this plan");
                }
            }
        }

        blocks.Sort((left, right) => left.Block.CompareTo(right.Block));
        return new RedundancySettings(blocks.ToImmutable());
    }

    /// <summary>The same places with other full scales.</summary>
    internal NetworkOnDevice With(ImmutableArray<LayerScale> scales, ImmutableArray<int> widened) => new(Nodes, Capabilities, scales, Map) { Widened = widened };

    private static void CheckOperands(INetwork network, DeviceCapabilities capabilities)
    {
        if (!capabilities.MultipliesActivations && network.AnalogNodes.FirstOrDefault(node => node.Operands == ProductOperands.TwoActivations) is { } pair)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"layer {pair.Name} multiplies two activations, and the device multiplies by programmed weights only; lay out {nameof(OnnxNetwork.WithDigitalActivationProducts)}() of {network.Name}, which computes such products digitally");
        }
    }

    private static ImmutableArray<int> ColumnsOf(LayerPlan plan, MappedBlock block)
    {
        int first = plan.RepeatsAt(block.FirstChannel, block.FirstRow);
        int[] columns = [.. Enumerable.Range(block.FirstChannel, block.Columns).Select(channel => plan.RepeatsAt(channel, block.FirstRow))];
        return Array.TrueForAll(columns, repeats => repeats == first) ? [first] : [.. columns];
    }

    private static int CopiesOf(LayerPlan? plan) => plan is { Mode: RedundancyMode.SpatialCopies } ? plan.Repeats.Max() : 1;
}
