using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Equivalence;

/// <summary>Compares noise of B bits with quantising every analog product's outputs to B bits: the claim behind speaking of noise in bits (Garg et al. 2021, eq. 7 and 8, tables I and III).</summary>
/// <param name="network">The network.</param>
/// <param name="batch">Images in one pass.</param>
/// <param name="seed">Seed of the noise.</param>
/// <param name="passed">Told the images of each batch that is judged; may be null.</param>
public sealed class LowBitEquivalence(INetwork network, int batch, ulong seed, Action<int>? passed = null)
{
    /// <summary>Ranges of the clean products, on which both quantiser steps and noise variances rest.</summary>
    /// <param name="images">[count x C x H x W] calibration images.</param>
    /// <param name="count">Images.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public OutputRange[] ObserveRanges(ReadOnlyMemory<float> images, int count, CancellationToken cancellationToken = default)
    {
        double[] low = [.. network.AnalogNodes.Select(_ => double.PositiveInfinity)];
        double[] high = [.. network.AnalogNodes.Select(_ => double.NegativeInfinity)];
        var clean = new NoiseInjection(seed, new NodeNoise?[low.Length]);
        int size = network.InputShape.Size;
        for (int first = 0; first < count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int part = Math.Min(batch, count - first);
            network.SampleNodes(images.Span.Slice(first * size, part * size), part, clean, (node, values, _) =>
            {
                foreach (float value in values)
                {
                    low[node.Index] = Math.Min(low[node.Index], value);
                    high[node.Index] = Math.Max(high[node.Index], value);
                }
            });
        }

        return [.. low.Zip(high, (from, to) => new OutputRange(from, to))];
    }

    /// <summary>The same levels in every layer.</summary>
    /// <param name="ranges">Ranges of the products.</param>
    /// <param name="bits">B; need not be whole, above 0.</param>
    /// <param name="images">Labelled images.</param>
    /// <param name="draws">Draws of the noise for each image, at least 1.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The images or ranges do not fit the network, or the bits are not above 0.</exception>
    public Task<LowBitPoint> RunAsync(
        OutputRange[] ranges, double bits, LabelledImages images, int draws, CancellationToken cancellationToken) =>
        RunAsync(ranges, [.. ranges.Select(_ => bits)], images, draws, cancellationToken);

    /// <summary>Bits of each layer, as a learned energy gives them.</summary>
    /// <inheritdoc cref="RunAsync(OutputRange[], double, LabelledImages, int, CancellationToken)" path="/*"/>
    public async Task<LowBitPoint> RunAsync(
        OutputRange[] ranges, double[] bits, LabelledImages images, int draws, CancellationToken cancellationToken)
    {
        DataCheck.Fits(network, images);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (ranges.Length != network.AnalogNodes.Count || bits.Length != ranges.Length || !bits.All(one => one > 0 && double.IsFinite(one)))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"{ranges.Length} ranges and {bits.Length} bits for {network.AnalogNodes.Count} analog products; give one of each, bits above 0");
        }

        double[] levels = [.. bits.Select(one => Math.Pow(2, one))];
        var route = new QuantisedOutputs(network.AnalogNodes, ranges, levels);
        NodeNoise[] noise = [.. network.AnalogNodes.Select((node, layer) => Constant(node, ranges[layer], levels[layer]))];
        double[] quantised = await QuantisedAsync(route, images, cancellationToken).ConfigureAwait(false);
        double[] noisy = new double[images.Count];
        for (int draw = 0; draw < draws; draw++)
        {
            AddNoisy(noise, GaussianKey.Derive(seed, 0xB175, (ulong)draw).Value, images, draws, noisy, cancellationToken);
        }

        double elements = network.AnalogNodes.Sum(node => (double)node.Positions * node.Channels);
        double mean = network.AnalogNodes.Select((node, layer) => bits[layer] * node.Positions * node.Channels).Sum() / elements;
        return new LowBitPoint(mean, Of(quantised, 0), Of(noisy, 0), Of([.. quantised.Zip(noisy, (a, b) => a - b)], -1));
    }

    private static NodeNoise Constant(AnalogNode node, OutputRange range, double levels)
    {
        double variance = range.Width > 0 ? NoiseBits.VarianceForLevels(range.Width, levels) : 0;
        return new NodeNoise(new ElementVariance(
            [0, node.DotLength], [.. Enumerable.Repeat((float)variance, node.Channels)], new float[node.Channels], new float[node.Channels]));
    }

    private async Task<double[]> QuantisedAsync(QuantisedOutputs route, LabelledImages images, CancellationToken cancellationToken)
    {
        double[] right = new double[images.Count];
        float[] logits = new float[batch * network.Classes];
        for (int first = 0; first < images.Count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, images.Count - first);
            await network.ForwardAsync(images.Slice(first, count), count, logits.AsMemory(0, count * network.Classes), route, cancellationToken).ConfigureAwait(false);
            Add(logits, images, first, count, 1, right);
        }

        return right;
    }

    private void AddNoisy(NodeNoise[] noise, ulong draw, LabelledImages images, int draws, double[] right, CancellationToken cancellationToken)
    {
        float[] logits = new float[batch * network.Classes];
        for (int first = 0; first < images.Count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, images.Count - first);
            network.Forward(images.Slice(first, count).Span, count, logits.AsSpan(0, count * network.Classes), new NoiseInjection(draw, noise, first));
            Add(logits, images, first, count, draws, right);
        }
    }

    private void Add(float[] logits, LabelledImages images, int first, int count, int draws, double[] right)
    {
        bool[] one = new bool[count];
        Correctness.Judge(logits.AsSpan(0, count * network.Classes), images.Labels.AsSpan(first, count), one);
        for (int i = 0; i < count; i++)
        {
            right[first + i] += one[i] ? 1.0 / draws : 0;
        }

        passed?.Invoke(count);
    }

    // Images as independent units; half a success is added to the spread, for without any variation the error is small, not zero.
    // No accuracy lies beyond 0 and 1, and no difference of two beyond -1 and 1.
    private static Estimate Of(double[] values, double least)
    {
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        double half = 1.96 * Math.Sqrt((squares + 0.5) / ((double)values.Length * Math.Max(values.Length - 1, 1)));
        return new Estimate(mean, new Interval(Math.Max(mean - half, least), Math.Min(mean + half, 1)), "1", values.Length);
    }
}
