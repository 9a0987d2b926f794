using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Noise;

/// <summary>The model route's noise: what the calibrated laws say about every element of every analog product at a given redundancy.</summary>
/// <remarks>Repeats are given as one array per analog node: one entry for all of its channels, or one per channel; real values of at least 1.</remarks>
public sealed class NoiseModel : INoiseModel
{
    private readonly LayerScale[] _scales;
    private readonly NoiseProfile _profile;
    private readonly bool _plain;

    /// <summary>Binds a network's layers to a measured profile.</summary>
    /// <param name="scales">One for each analog node, in graph order.</param>
    /// <param name="profile">Measured noise.</param>
    public NoiseModel(IEnumerable<LayerScale> scales, NoiseProfile profile)
    {
        _scales = [.. scales];
        _profile = profile;

        // Without floors (rounding of the inputs is one) and correlation -dVar / d ln K is the variance itself, and the engine saves itself the second law.
        _plain = profile.FullScale.InputStep == 0 && profile.Terms.All(term => term.Averaging.V0 == 0 && term.Averaging.Correlation.IsDefaultOrEmpty);
    }

    /// <inheritdoc/>
    public int Layers => _scales.Length;

    /// <inheritdoc/>
    public double LeastEnergy => 1;

    /// <summary>Measured noise.</summary>
    public NoiseProfile Profile => _profile;

    /// <summary>The layers on the device.</summary>
    public IReadOnlyList<LayerScale> Scales => _scales;

    /// <summary>Noise of every node at these repeats.</summary>
    public NodeNoise[] At(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        var nodes = new NodeNoise[_scales.Length];
        for (int layer = 0; layer < nodes.Length; layer++)
        {
            nodes[layer] = new NodeNoise(
                LayerNoise.Variance(_profile, _scales[layer], energy[layer]),
                _plain ? null : LayerNoise.EnergySlope(_profile, _scales[layer], energy[layer]));
        }

        return nodes;
    }

    /// <summary>Noise of every node under a plan.</summary>
    /// <exception cref="PrecisionException">Its row groups are not this device's row blocks.</exception>
    public NodeNoise[] At(PrecisionPlan plan)
    {
        if (plan.Layers.All(layer => layer.RowStarts.IsEmpty))
        {
            return At(RepeatsOf(plan));
        }

        CheckCount(plan.Layers.Length);
        for (int layer = 0; layer < _scales.Length; layer++)
        {
            PlanFit.CheckRows(plan.Layers[layer], _scales[layer].RowStarts);
        }

        return RowGroupNoise.Of(this).At(RepeatsOf(plan));
    }

    /// <summary>Noise of every node that repeated products of the same inputs show: <see cref="At(PrecisionPlan)"/> without what rounding the inputs adds, which is the same in all of them.</summary>
    public NodeNoise[] OfRepeatedProducts(PrecisionPlan plan) =>
        new NoiseModel(_scales, _profile with { FullScale = _profile.FullScale with { InputStep = 0 } }).At(plan);

    /// <summary>Variance that rounding the inputs adds to one output position of a layer, summed over its channels; of a layer with weights, for what it adds to a product of two activations depends on them (<see cref="OperandRounding"/>).</summary>
    /// <param name="layer">Position among the analog nodes.</param>
    public double InputRounding(int layer)
    {
        double sum = 0;
        for (int channel = 0; channel < _scales[layer].Channels; channel++)
        {
            sum += LayerNoise.InputRounding(_profile.FullScale, _scales[layer], channel);
        }

        return sum;
    }

    /// <summary>Squared error that rounding both operands adds to one head of a product of two activations, summed over rows and columns of the product.</summary>
    /// <remarks>Errors taken as white: an upper bound where operands are exactly 0 or lie within the converter's first step.</remarks>
    /// <param name="layer">Position among the analog nodes.</param>
    /// <param name="rows">[rows x N] first operand.</param>
    /// <param name="columns">[columns x N] second operand.</param>
    public double OperandRounding(int layer, ReadOnlySpan<float> rows, ReadOnlySpan<float> columns)
    {
        LayerScale scale = _scales[layer];
        double x = scale.InputFullScale;
        double w = scale.WeightFullScale[0];
        int length = scale.DotLength;
        return QuantiserNoise.Variance(_profile.FullScale.InputStep)
            * (x * x * SumOfSquares(columns) * (rows.Length / length) + w * w * SumOfSquares(rows) * (columns.Length / length));
    }

    /// <summary>
    /// Variance that one read (K = 1) of the averaging part would have, judged at <paramref name="energy"/>: K times -dVar / d ln K. Equals
    /// the one-read variance of white noise, and leaves floors and the correlated share out.
    /// </summary>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        var parts = new ElementVariance[_scales.Length];
        for (int layer = 0; layer < parts.Length; layer++)
        {
            parts[layer] = LayerNoise.EnergySlope(_profile, _scales[layer], energy[layer]);
            Scale(parts[layer], energy[layer]);
        }

        return parts;
    }

    /// <summary>One entry of 1 for each layer.</summary>
    public double[][] Ones() => [.. _scales.Select(_ => new double[] { 1 })];

    /// <summary>The repeats of a plan, as this class takes them.</summary>
    public static double[][] RepeatsOf(PrecisionPlan plan) =>
        [.. plan.Layers.Select(layer => layer.Repeats.Select(repeats => (double)repeats).ToArray())];

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    private static void Scale(ElementVariance variance, double[] repeats)
    {
        int channels = variance.Channels;
        for (int i = 0; i < channels; i++)
        {
            float k = (float)(repeats.Length == 1 ? repeats[0] : repeats[i]);
            variance.Constant[i] *= k;
            variance.AbsoluteSlope[i] *= k;
            for (int block = 0; block < variance.Blocks; block++)
            {
                variance.SquareSlope[block * channels + i] *= k;
                Scale(variance.OperandSlope, block * channels + i, k);
                Scale(variance.ProductSlope, block * channels + i, k);
            }
        }
    }

    private static void Scale(float[]? slopes, int at, float factor)
    {
        if (slopes is not null)
        {
            slopes[at] *= factor;
        }
    }

    private void CheckCount(int count)
    {
        if (count != _scales.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"the plan has {count} layers, the network {_scales.Length} analog products; use a plan that was learned for this network");
        }
    }
}
