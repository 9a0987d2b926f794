using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution;

/// <summary>Refuses examples whose integers are none, or lie outside a vocabulary, before a thread looks anything up with them.</summary>
internal sealed class InputCheck
{
    // Integers above are not all different in float32.
    private const float LargestExact = 1 << 24;
    private readonly List<(NetworkInput Input, float Low, float High)> _integers = [];
    private readonly int _size;

    public InputCheck(NetworkGraph graph, IReadOnlyList<NetworkInput> inputs)
    {
        _size = inputs.Sum(input => input.Size);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Kind != ElementKind.Whole)
            {
                continue;
            }

            int id = graph.Inputs[i].Value.Id;
            int[] vocabularies = [.. graph.Nodes.Where(node => node.Inputs.Length > 0 && node.Inputs[0].Id == id).Select(node => node.Operation).OfType<EmbeddingOperation>().Select(table => table.Rows)];
            _integers.Add(vocabularies.Length > 0 ? (inputs[i], -vocabularies.Min(), vocabularies.Min() - 1) : (inputs[i], 1 - LargestExact, LargestExact - 1));
        }
    }

    /// <summary>Checks <paramref name="count"/> examples.</summary>
    /// <exception cref="ArgumentException">A value of an integer input is no integer, or an id lies outside its vocabulary.</exception>
    public void Check(ReadOnlySpan<float> examples, int count)
    {
        foreach ((NetworkInput input, float low, float high) in _integers)
        {
            for (int example = 0; example < count; example++)
            {
                ReadOnlySpan<float> values = examples.Slice(example * _size + input.Start, input.Size);
                for (int i = 0; i < values.Length; i++)
                {
                    float value = values[i];
                    if (!(value >= low && value <= high) || value != MathF.Truncate(value))
                    {
                        throw new ArgumentException(
                            $"example {example}, input '{input.Name}', value {i} is {value}; integers from {low:f0} to {high:f0} are needed; give ids of "
                                + "the model's own vocabulary");
                    }
                }
            }
        }
    }
}
