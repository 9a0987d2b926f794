using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution;

namespace AnalogHil.Engine.Noise;

/// <summary>The closed form of <see cref="Core.Noise.ElementVariance"/> for a block of rows.</summary>
internal static unsafe class VarianceKernel
{
    private const int Lanes = 8;

    /// <summary>Variance of every element, [rows x groups x group outputs].</summary>
    /// <param name="law">The law.</param>
    /// <param name="squares">[blocks x rows x groups], or null.</param>
    /// <param name="magnitudes">[rows x groups], or null.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="groupOutputs">Channels of a group.</param>
    /// <param name="variances">To be filled.</param>
    public static void Fill(NoiseLaw law, float* squares, float* magnitudes, int rows, int groups, int groupOutputs, float* variances)
    {
        int channels = groups * groupOutputs;
        fixed (float* constant = law.Constant, square = law.Square, absolute = law.Absolute)
        {
            for (int row = 0; row < rows; row++, variances += channels)
            {
                float* start = constant;
                if (magnitudes != null)
                {
                    AddProduct(start, absolute, magnitudes + (nint)row * groups, groups, groupOutputs, variances);
                    start = variances;
                }

                for (int block = 0; squares != null && block < law.Blocks; block++)
                {
                    AddProduct(start, square + (nint)block * channels, squares + ((nint)block * rows + row) * groups, groups, groupOutputs, variances);
                    start = variances;
                }

                if (start == constant)
                {
                    RowKernels.Copy(variances, constant, channels);
                }
            }
        }
    }

    /// <summary>x^2 or |x| of every value.</summary>
    public static void Magnify(float* values, float* result, int count, bool squared)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(values + i);
            (squared ? x * x : Vector256.Abs(x)).Store(result + i);
        }

        for (; i < count; i++)
        {
            result[i] = squared ? values[i] * values[i] : Math.Abs(values[i]);
        }
    }

    /// <summary>variances += slopes x sum.</summary>
    public static void AddScaled(float* variances, float* slopes, float sum, int count)
    {
        var factor = Vector256.Create(sum);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(Vector256.Load(slopes + i), factor, Vector256.Load(variances + i)).Store(variances + i);
        }

        for (; i < count; i++)
        {
            variances[i] = MathF.FusedMultiplyAdd(slopes[i], sum, variances[i]);
        }
    }

    // variances[g, o] = start[g, o] + slope[g, o] * sum[g]
    private static void AddProduct(float* start, float* slopes, float* sums, int groups, int groupOutputs, float* variances)
    {
        if (groupOutputs == 1)
        {
            int c = 0;
            for (; c <= groups - Lanes; c += Lanes)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(slopes + c), Vector256.Load(sums + c), Vector256.Load(start + c)).Store(variances + c);
            }

            for (; c < groups; c++)
            {
                variances[c] = MathF.FusedMultiplyAdd(slopes[c], sums[c], start[c]);
            }

            return;
        }

        for (int group = 0; group < groups; group++, slopes += groupOutputs, start += groupOutputs, variances += groupOutputs)
        {
            var sum = Vector256.Create(sums[group]);
            int o = 0;
            for (; o <= groupOutputs - Lanes; o += Lanes)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(slopes + o), sum, Vector256.Load(start + o)).Store(variances + o);
            }

            for (; o < groupOutputs; o++)
            {
                variances[o] = MathF.FusedMultiplyAdd(slopes[o], sums[group], start[o]);
            }
        }
    }
}
