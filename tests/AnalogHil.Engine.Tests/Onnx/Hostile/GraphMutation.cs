using AnalogHil.Engine.Onnx;
using AnalogHil.Engine.Onnx.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;
using AttributeType = AnalogHil.Engine.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>Damage that is well-formed protobuf: wrong sizes, names, types and orders, cycles, operators where they do not belong.</summary>
internal static class GraphMutation
{
    private static readonly string[] Operators = [.. OperatorTable.Names, "If", "Loop", "Scan", "Expand", "Tile", ""];

    public static byte[] Apply(ModelProto model, Random random)
    {
        ModelProto mutant = model.Clone();
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            Change(mutant, random);
        }

        return mutant.ToByteArray();
    }

    private static void Change(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        switch (random.Next(12))
        {
            case 0 or 1 when graph.Initializer.Count > 0:
                Change(Pick(graph.Initializer, random), random);
                break;
            case 2 or 3 or 4 when graph.Node.Count > 0:
                Change(Pick(graph.Node, random), graph, random);
                break;
            case 5 or 6 when graph.Node.SelectMany(node => node.Attribute).ToArray() is { Length: > 0 } attributes:
                Change(attributes[random.Next(attributes.Length)], random);
                break;
            case 7 when graph.Node.Count > 1:
                int at = random.Next(graph.Node.Count);
                int other = random.Next(graph.Node.Count);
                (graph.Node[at], graph.Node[other]) = (graph.Node[other], graph.Node[at]);
                break;
            case 8 when graph.Node.Count > 1:
                graph.Node.RemoveAt(random.Next(graph.Node.Count));
                break;
            case 9 when graph.Node.Count > 0:
                NodeProto copy = Pick(graph.Node, random).Clone();
                if (random.Next(2) == 0 && copy.Output.Count > 0)
                {
                    copy.Output[0] += "'";
                }

                graph.Node.Insert(random.Next(graph.Node.Count), copy);
                break;
            case 10:
                ChangeEnds(model, random);
                break;
            default:
                foreach (OperatorSetIdProto set in model.OpsetImport)
                {
                    set.Version = random.Next(2) == 0 ? random.Next(1, 24) : HostileNumbers.Next(random, set.Version);
                }

                break;
        }
    }

    private static void Change(TensorProto tensor, Random random)
    {
        switch (random.Next(9))
        {
            case 0 or 1 when tensor.Dims.Count > 0:
                int at = random.Next(tensor.Dims.Count);
                tensor.Dims[at] = HostileNumbers.Next(random, tensor.Dims[at]);
                break;
            case 2:
                tensor.Dims.Add(HostileNumbers.Next(random, 1));
                break;
            case 3 when tensor.Dims.Count > 1:
                (tensor.Dims[0], tensor.Dims[1]) = (tensor.Dims[1], tensor.Dims[0]);
                break;
            case 4:
                tensor.DataType = random.Next(2) == 0 ? random.Next(0, 24) : (int)HostileNumbers.Next(random, tensor.DataType);
                break;
            case 5 or 6 when tensor.Int64Data.Count > 0:
                int index = random.Next(tensor.Int64Data.Count);
                tensor.Int64Data[index] = HostileNumbers.Next(random, tensor.Int64Data[index]);
                break;
            case 5 or 6 when tensor.FloatData.Count > 0:
                tensor.FloatData[random.Next(tensor.FloatData.Count)] = random.Next(4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => 3e38f, _ => -1e-40f };
                break;
            case 7:
                tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..(tensor.RawData.Length / 2)]);
                break;
            default:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = random.Next(2) == 0 ? "../../../../etc/passwd" : "/dev/zero" });
                break;
        }
    }

    private static void Change(NodeProto node, GraphProto graph, Random random)
    {
        string[] names = [.. graph.Node.SelectMany(n => n.Output), .. graph.Initializer.Select(t => t.Name), "", "input"];
        string any = names[random.Next(names.Length)];
        switch (random.Next(8))
        {
            case 0 or 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = any;
                break;
            case 2 when node.Input.Count > 0 && node.Output.Count > 0:
                node.Input[random.Next(node.Input.Count)] = node.Output[0];
                break;
            case 3 when node.Output.Count > 0:
                node.Output[random.Next(node.Output.Count)] = any;
                break;
            case 4 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 5:
                node.Input.Add(any);
                break;
            case 6:
                NodeProto donor = Pick(graph.Node, random);
                node.Attribute.Add(donor.Attribute.Select(attribute => attribute.Clone()).ToArray());
                break;
            default:
                node.OpType = Operators[random.Next(Operators.Length)];
                break;
        }
    }

    private static void Change(AttributeProto attribute, Random random)
    {
        switch (random.Next(6))
        {
            case 0 or 1 or 2 when attribute.Ints.Count > 0:
                int at = random.Next(attribute.Ints.Count);
                attribute.Ints[at] = HostileNumbers.Next(random, attribute.Ints[at]);
                break;
            case 0 or 1 or 2:
                attribute.I = HostileNumbers.Next(random, attribute.I);
                attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => 1e30f };
                attribute.S = ByteString.CopyFrom([0xFF, 0xFE, 0x00]);
                break;
            case 3:
                attribute.Ints.Add(Enumerable.Repeat(HostileNumbers.Next(random, 1), random.Next(1, 9)));
                break;
            case 4:
                attribute.Type = (AttributeType)random.Next(0, 20);
                break;
            default:
                attribute.Name = random.Next(2) == 0 ? "axis" : attribute.Name + "s";
                break;
        }
    }

    private static void ChangeEnds(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        RepeatedField<TensorShapeProto.Types.Dimension>? dims = graph.Input.Count > 0 ? graph.Input[0].Type?.TensorType?.Shape?.Dim : null;
        if (random.Next(3) != 0 && dims is { Count: > 0 })
        {
            TensorShapeProto.Types.Dimension dim = Pick(dims, random);
            dim.DimValue = random.Next(2) == 0 ? random.Next(1, 20) : HostileNumbers.Next(random, dim.DimValue);
        }
        else if (graph.Output.Count > 0 && graph.Node.Count > 0)
        {
            NodeProto node = Pick(graph.Node, random);
            graph.Output[0].Name = node.Output.Count > 0 ? node.Output[0] : "";
        }
    }

    private static T Pick<T>(RepeatedField<T> items, Random random) => items[random.Next(items.Count)];
}
