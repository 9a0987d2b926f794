using System.Numerics;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Precision.Routes;

/// <summary>Turns one block's reads into its share of the layer's product: product += (read - offset) * factor, column by column.</summary>
internal sealed class BlockReadout
{
    private readonly float[] _offset;
    private readonly float[] _factor;
    private readonly float[] _operandFactor;

    public BlockReadout(MappedBlock block, LayerScale scale, ReadoutCorrection correction, int groupChannels)
    {
        Block = block;
        FirstColumn = block.FirstChannel - block.Group * groupChannels;
        _offset = new float[block.Columns];
        _factor = new float[block.Columns];
        _operandFactor = new float[block.Columns];
        for (int column = 0; column < block.Columns; column++)
        {
            // The device hands back the mean over the copies, so their gains and offsets act as means too.
            double gain = 0;
            double offset = 0;
            foreach (Placement copy in block.Copies)
            {
                gain += correction.Gain[copy.Tile][copy.Column + column] / (double)block.Copies.Length;
                offset += correction.Offset[copy.Tile][copy.Column + column] / (double)block.Copies.Length;
            }

            _offset[column] = (float)offset;
            _operandFactor[column] = 1 / scale.WeightFullScale[block.FirstChannel + column];
            _factor[column] = (float)(scale.InputFullScale * scale.WeightFullScale[block.FirstChannel + column] / gain);
        }
    }

    public MappedBlock Block { get; }

    /// <summary>First column within its group.</summary>
    public int FirstColumn { get; }

    /// <summary>Brings the block's part of a second operand to full scale, as the device takes it, and clips what lies outside; returns the number of clipped values.</summary>
    /// <param name="columns">[group channels x length].</param>
    /// <param name="length">N.</param>
    /// <param name="operand">[rows x columns].</param>
    public long GatherOperand(ReadOnlySpan<float> columns, int length, Span<float> operand)
    {
        long clipped = 0;
        for (int column = 0; column < Block.Columns; column++)
        {
            ReadOnlySpan<float> source = columns.Slice((FirstColumn + column) * length + Block.FirstRow, Block.Rows);
            for (int row = 0; row < source.Length; row++)
            {
                float value = source[row] * _operandFactor[column];
                operand[row * Block.Columns + column] = Math.Clamp(value, -1, 1);
                clipped += Math.Abs(value) > 1 + InputScaler.Tolerance ? 1 : 0;
            }
        }

        return clipped;
    }

    /// <summary>Adds (or, for the pass of the negative inputs, subtracts) reads to products; false when a read is not a finite number.</summary>
    /// <param name="reads">[vectors x columns].</param>
    /// <param name="products">[vectors x group channels].</param>
    /// <param name="groupChannels">Row length of the products.</param>
    /// <param name="vectors">Rows.</param>
    /// <param name="subtract">Sign.</param>
    public bool Accumulate(ReadOnlySpan<float> reads, Span<float> products, int groupChannels, int vectors, bool subtract)
    {
        int columns = Block.Columns;
        float sign = subtract ? -1 : 1;
        float check = 0;
        int wide = columns - columns % Vector<float>.Count;
        for (int vector = 0; vector < vectors; vector++)
        {
            ReadOnlySpan<float> source = reads.Slice(vector * columns, columns);
            Span<float> target = products.Slice(vector * groupChannels + FirstColumn, columns);
            for (int column = 0; column < wide; column += Vector<float>.Count)
            {
                var value = (new Vector<float>(source[column..]) - new Vector<float>(_offset, column)) * new Vector<float>(_factor, column) * sign;
                (new Vector<float>(target[column..]) + value).CopyTo(target[column..]);
                check += Vector.Sum(value * 0f);
            }

            for (int column = wide; column < columns; column++)
            {
                float value = (source[column] - _offset[column]) * _factor[column] * sign;
                target[column] += value;
                check += value * 0f;
            }
        }

        // 0 times anything finite is 0; NaN and infinities leave NaN behind.
        return check == 0;
    }
}
