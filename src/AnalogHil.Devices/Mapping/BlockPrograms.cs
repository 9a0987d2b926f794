using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Mapping;

/// <summary>Turns the weights of a mapped layer into what the device is programmed with.</summary>
public static class BlockPrograms
{
    /// <summary>One program per block, in block order.</summary>
    /// <param name="layer">The layer on the device.</param>
    /// <param name="weights">[Channels x DotLength] in the layer's unit, patch order.</param>
    /// <param name="fullScale">[Channels] weight that g = 1 stands for, in the layer's unit; 0 is allowed for a channel of zeros.</param>
    /// <exception cref="ArgumentException">Wrong sizes, or a weight beyond its channel's full scale.</exception>
    public static IReadOnlyList<BlockProgram> Build(MappedLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> fullScale)
    {
        MatrixShape shape = layer.Shape;
        if (weights.Length != shape.Channels * shape.DotLength || fullScale.Length != shape.Channels)
        {
            throw new ArgumentException(
                $"layer {shape.Layer}: {weights.Length} weights and {fullScale.Length} full scales, {shape.Channels} x {shape.DotLength} and {shape.Channels} are needed");
        }

        var programs = new BlockProgram[layer.Blocks.Length];
        for (int i = 0; i < programs.Length; i++)
        {
            MappedBlock block = layer.Blocks[i];
            float[] cells = new float[block.Rows * block.Columns];
            for (int column = 0; column < block.Columns; column++)
            {
                int channel = block.FirstChannel + column;
                ReadOnlySpan<float> source = weights.Slice(channel * shape.DotLength + block.FirstRow, block.Rows);
                for (int row = 0; row < block.Rows; row++)
                {
                    cells[row * block.Columns + column] = Normalise(source[row], fullScale[channel], shape.Layer, channel);
                }
            }

            programs[i] = new BlockProgram(block.Block, block.Rows, block.Columns, cells, block.Copies);
        }

        return programs;
    }

    /// <summary>One program per block that keeps its cells free for operands that come with every product: weights of 0.</summary>
    /// <param name="layer">A product of two activations on the device.</param>
    public static IReadOnlyList<BlockProgram> Reserve(MappedLayer layer) =>
        [.. layer.Blocks.Select(block => new BlockProgram(block.Block, block.Rows, block.Columns, new float[block.Rows * block.Columns], block.Copies))];

    private static float Normalise(float weight, float fullScale, string layer, int channel)
    {
        float g = weight == 0 ? 0 : weight / fullScale;

        // Division may round past 1 by one unit in the last place; anything more is a wrong full scale.
        if (!(Math.Abs(g) <= 1.000001f))
        {
            throw new ArgumentException(
                $"layer {layer} channel {channel}: weight {weight} is beyond its full scale {fullScale}; give the largest magnitude of the channel as its full scale");
        }

        return Math.Clamp(g, -1f, 1f);
    }
}
