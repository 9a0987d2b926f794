using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Execution;

/// <summary>One channel in, one out for every group: no matrix product but a sum over taps, channel by channel.</summary>
internal sealed unsafe class DepthwiseProduct : RowProduct
{
    private const int Lanes = 8;
    private readonly float[] _weights;

    public DepthwiseProduct(TapPattern pattern, int channels, Func<int, int, int, int, float> weight)
        : base(pattern, channels, channels)
    {
        _weights = new float[pattern.Taps * channels];
        for (int tap = 0; tap < pattern.Taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                _weights[tap * channels + channel] = weight(channel, tap, 0, 0);
            }
        }
    }

    public override long PackedBytes => _weights.LongLength * sizeof(float);

    public override void Measure(ScratchNeed need, int rows)
    {
        need.Pointers((long)Pattern.Taps * rows);
        need.Floats(ScratchBuffer.Zeros, SourceChannels);
    }

    public override void Multiply(float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch)
    {
        int channels = SourceChannels;
        int taps = Pattern.Taps;
        float** pointers = scratch.Pointers.Reserve(taps * rows);
        Pattern.Fill(source, channels, 0, scratch.Zeros(channels), firstRow, rows, pointers);
        fixed (float* weights = _weights)
        {
            int row = 0;
            for (; row <= rows - 4; row += 4)
            {
                FourRows(pointers + row, rows, taps, weights, channels, result + (nint)row * channels, accumulate);
            }

            for (; row < rows; row++)
            {
                OneRow(pointers + row, rows, taps, weights, channels, 0, result + (nint)row * channels, accumulate);
            }
        }
    }

    // Each weight is loaded once for four rows. Every element sums its taps in the same fused order whatever row of the block it is.
    private static void FourRows(float** pointers, int stride, int taps, float* weights, int channels, float* result, bool accumulate)
    {
        int c = 0;
        for (; c <= channels - Lanes; c += Lanes)
        {
            float* target = result + c;
            Vector256<float> a0 = Vector256<float>.Zero;
            Vector256<float> a1 = a0;
            Vector256<float> a2 = a0;
            Vector256<float> a3 = a0;
            if (accumulate)
            {
                a0 = Vector256.Load(target);
                a1 = Vector256.Load(target + channels);
                a2 = Vector256.Load(target + 2 * channels);
                a3 = Vector256.Load(target + 3 * channels);
            }

            float** row = pointers;
            float* weight = weights + c;
            for (int tap = 0; tap < taps; tap++, row += stride, weight += channels)
            {
                Vector256<float> w = Vector256.Load(weight);
                a0 = Vector256.FusedMultiplyAdd(Vector256.Load(row[0] + c), w, a0);
                a1 = Vector256.FusedMultiplyAdd(Vector256.Load(row[1] + c), w, a1);
                a2 = Vector256.FusedMultiplyAdd(Vector256.Load(row[2] + c), w, a2);
                a3 = Vector256.FusedMultiplyAdd(Vector256.Load(row[3] + c), w, a3);
            }

            a0.Store(target);
            a1.Store(target + channels);
            a2.Store(target + 2 * channels);
            a3.Store(target + 3 * channels);
        }

        if (c < channels)
        {
            for (int i = 0; i < 4; i++)
            {
                OneRow(pointers + i, stride, taps, weights, channels, c, result + (nint)i * channels, accumulate);
            }
        }
    }

    private static void OneRow(float** pointers, int stride, int taps, float* weights, int channels, int channel, float* result, bool accumulate)
    {
        int c = channel;
        for (; c <= channels - Lanes; c += Lanes)
        {
            Vector256<float> sum = accumulate ? Vector256.Load(result + c) : Vector256<float>.Zero;
            for (int tap = 0; tap < taps; tap++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(pointers[(nint)tap * stride] + c), Vector256.Load(weights + (nint)tap * channels + c), sum);
            }

            sum.Store(result + c);
        }

        for (; c < channels; c++)
        {
            float sum = accumulate ? result[c] : 0;
            for (int tap = 0; tap < taps; tap++)
            {
                sum = MathF.FusedMultiplyAdd(pointers[(nint)tap * stride][c], weights[(nint)tap * channels + c], sum);
            }

            result[c] = sum;
        }
    }
}
