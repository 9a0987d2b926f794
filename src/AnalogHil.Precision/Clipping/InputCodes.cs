using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.Clipping;

/// <summary>How often each input channel of each analog product has each code of its grid, in the clean network.</summary>
internal sealed class InputCodes
{
    private readonly QuantisationPlan _plan;
    private readonly long[][] _counts;

    /// <summary>Observes.</summary>
    /// <param name="network">The float32 network.</param>
    /// <param name="plan">Grids of all inputs; a value beyond them counts as their last code.</param>
    /// <param name="images">The images.</param>
    /// <param name="count">How many of them.</param>
    public InputCodes(OnnxNetwork network, QuantisationPlan plan, LabelledImages images, int count)
    {
        _plan = plan;
        _counts = [.. network.AnalogNodes.Select(node => new long[node.InputChannels * CodesOf(node.Index)])];
        network.ObserveInputs(images.Slice(0, count).Span, count, (node, _, values) =>
        {
            long[] counts = _counts[node.Index];
            int[] codes = new int[values.Length];
            AffineQuantiser grid = GridOf(node.Index);
            grid.Quantise(values, codes);
            int levels = CodesOf(node.Index);
            lock (counts)
            {
                for (int k = 0; k < codes.Length; k++)
                {
                    counts[k % node.InputChannels * levels + codes[k] - grid.LowestCode]++;
                }
            }
        });
    }

    /// <summary>Grid of a node's input.</summary>
    public AffineQuantiser GridOf(int node) => _plan.Nodes[node].Input!;

    /// <summary>Mean of each channel, clipped to a range.</summary>
    public double[] Means(int node, double low, double high) => Over(node, value => Math.Clamp(value, low, high));

    /// <summary>Variance of each channel, not clipped.</summary>
    public double[] Variances(int node)
    {
        double[] mean = Means(node, double.NegativeInfinity, double.PositiveInfinity);
        return [.. Squares(node).Zip(mean, (square, m) => Math.Max(square - m * m, 0))];
    }

    /// <summary>Mean square of each channel, not clipped.</summary>
    public double[] Squares(int node) => Over(node, value => value * value);

    /// <summary>Mean magnitude of each channel, not clipped.</summary>
    public double[] Magnitudes(int node) => Over(node, Math.Abs);

    /// <summary>Mean squared error of clipping each channel to a range.</summary>
    public double[] ClippingErrors(int node, double low, double high) => Over(node, value =>
    {
        double beyond = value - Math.Clamp(value, low, high);
        return beyond * beyond;
    });

    /// <summary>Share of all values whose code lies beyond a range; a code that the range's end falls into counts as within.</summary>
    public double Beyond(int node, double low, double high)
    {
        double step = GridOf(node).Scale;
        return Over(node, value => value < low - step / 2 || value > high + step / 2 ? 1 : 0).Average();
    }

    private double[] Over(int node, Func<double, double> figure)
    {
        AffineQuantiser grid = GridOf(node);
        int levels = CodesOf(node);
        double[] figures = [.. Enumerable.Range(0, levels).Select(code => figure((code + grid.LowestCode - grid.ZeroPoint) * (double)grid.Scale))];
        long[] counts = _counts[node];
        double[] result = new double[counts.Length / levels];
        for (int channel = 0; channel < result.Length; channel++)
        {
            long all = 0;
            double sum = 0;
            for (int code = 0; code < levels; code++)
            {
                long seen = counts[channel * levels + code];
                all += seen;
                sum += seen * figures[code];
            }

            result[channel] = all > 0 ? sum / all : 0;
        }

        return result;
    }

    private int CodesOf(int node) => GridOf(node).HighestCode - GridOf(node).LowestCode + 1;
}
