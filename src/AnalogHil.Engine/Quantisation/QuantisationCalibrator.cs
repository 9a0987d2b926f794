namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Makes a <see cref="QuantisationPlan"/>: runs the float32 network over calibration images, observes what enters its analog nodes and fits a grid to each,
/// and to their weights.
/// </summary>
public static class QuantisationCalibrator
{
    /// <summary>Calibrates all analog nodes, the first and the last included.</summary>
    /// <param name="network">The float32 network.</param>
    /// <param name="images">[count x C x H x W], apart from those the result will be judged on.</param>
    /// <param name="count">Number of images; the paper took 160.</param>
    /// <param name="options">Bits, rules and granularity; null for the defaults.</param>
    /// <returns>The same plan for any number of threads.</returns>
    /// <exception cref="ArgumentException">The options are outside their limits, or something observed is not finite.</exception>
    public static QuantisationPlan Calibrate(OnnxNetwork network, ReadOnlySpan<float> images, int count, QuantisationOptions? options = null)
    {
        options ??= new QuantisationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (network.AnalogNodes.FirstOrDefault(node => node.Operands == ProductOperands.TwoActivations) is { } pair)
        {
            throw new ArgumentException(
                $"node '{pair.Name}' multiplies two activations, which are not quantised; quantise {nameof(OnnxNetwork.WithDigitalActivationProducts)}() of "
                    + "the network, which computes such products in float32", nameof(network));
        }

        AffineQuantiser?[] inputs = options.InputBits is { } bits
            ? [.. ObserveInputs(network, images, count, options).Select(range => Grid(range, bits, options))]
            : new AffineQuantiser?[network.AnalogNodes.Count];
        return new QuantisationPlan(
            [.. network.AnalogNodes.Select(node => new NodeQuantisation(node.Name, inputs[node.Index], Weights(node, options)))], count);
    }

    private static InputRange[] ObserveInputs(OnnxNetwork network, ReadOnlySpan<float> images, int count, QuantisationOptions options)
    {
        var estimators = new RangeEstimator?[network.AnalogNodes.Count];
        Lock[] locks = [.. estimators.Select(_ => new Lock())];
        int size = network.InputShape.Size;
        for (int first = 0; first < count; first += options.BatchSize)
        {
            ArgumentException? failure = null;
            int batch = Math.Min(options.BatchSize, count - first);
            network.ObserveInputs(images.Slice(first * size, batch * size), batch, (node, together, values) =>
            {
                try
                {
                    Observe(ref estimators[node.Index], locks[node.Index], options.InputRange, (long)values.Length / together * count, values);
                }
                catch (ArgumentException error)
                {
                    // Nothing may be thrown through the engine's threads.
                    failure ??= new ArgumentException($"node '{node.Name}': {error.Message}", error);
                }
            });
            if (failure is not null)
            {
                throw failure;
            }

            foreach (RangeEstimator? estimator in estimators)
            {
                estimator!.EndBatch();
            }
        }

        return [.. estimators.Select(estimator => estimator!.Range)];
    }

    private static void Observe(ref RangeEstimator? estimator, Lock its, RangeRule rule, long expected, ReadOnlySpan<float> values)
    {
        lock (its)
        {
            estimator ??= rule.Start(expected);
            estimator.Observe(values);
        }
    }

    private static AffineQuantiser[] Weights(AnalogNode node, QuantisationOptions options)
    {
        if (options.WeightBits is not { } bits)
        {
            return [];
        }

        int rows = options.WeightGranularity == WeightGranularity.PerChannel ? node.Channels : 1;
        int length = node.Weights.Length / rows;
        var grids = new AffineQuantiser[rows];
        for (int row = 0; row < rows; row++)
        {
            RangeEstimator estimator = new MinMaxRule().Start(length);
            estimator.Observe(node.Weights.Span.Slice(row * length, length));
            grids[row] = Grid(estimator.Range, bits, options);
        }

        return grids;
    }

    private static AffineQuantiser Grid(InputRange range, int bits, QuantisationOptions options) => options.PaperCodeGrid
        ? AffineQuantiser.PaperCode(range.Low, range.High, bits)
        : AffineQuantiser.FromRange(range.Low, range.High, bits, isSigned: range.Low < 0);
}
