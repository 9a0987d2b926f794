using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;

namespace AnalogHil.Precision.Twin;

/// <summary>
/// Device route against model route, layer by layer, on the same clean inputs: the licence to use the model route. The device side is the
/// sample variance of repeated products; the model side the squared noise that the engine injects for the same images.
/// What repeats of one input cannot show is left out on both sides: rounding of the inputs is the same in every repeat. It is compared as static error instead.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="route">The device route, with the plan in force.</param>
/// <param name="model">The model's noise.</param>
/// <param name="plan">The plan in force.</param>
/// <param name="options">How closely.</param>
/// <param name="time">Clock for the remaining time.</param>
public sealed class TwinCheck(
    INetwork network, IProductRoute route, NoiseModel model, PrecisionPlan plan, TwinOptions options, TimeProvider time)
{
    private readonly NodeNoise[] _noise = model.OfRepeatedProducts(plan);

    /// <summary>
    /// Compares; each layer takes as many images as its interval asks for. Where all of them are too few, as for a layer of two outputs, they are gone through again with
    /// fresh noise on both sides: otherwise the interval of a faithful model would leave the allowed one too often.
    /// </summary>
    /// <param name="images">Images to be driven; labels are not looked at.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    /// <exception cref="ArgumentOutOfRangeException">No round is allowed, so that nothing would be compared.</exception>
    public async Task<TwinResult> RunAsync(LabelledImages images, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rounds, 1);
        DataCheck.Fits(network, images);
        int layers = network.AnalogNodes.Count;
        var tallies = new LayerTally[layers];
        for (int layer = 0; layer < layers; layer++)
        {
            tallies[layer] = new LayerTally();
        }

        var twin = new TwinRoute(route, network.AnalogNodes, options.DeviceReads)
        {
            ExpectedRounding = (layer, rows, columns) => model.OperandRounding(layer, rows.Span, columns.Span),
        };
        Array.Fill(twin.Watched, true);
        var clock = new PhaseClock(time, PrecisionPhase.Twin, progress);
        float[] logits = new float[options.Batch * network.Classes];
        double fraction = 0;
        for (int round = 0; round < options.Rounds && Array.Exists(twin.Watched, watched => watched); round++)
        {
            for (int first = 0; first < images.Count && Array.Exists(twin.Watched, watched => watched); first += options.Batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int batch = Math.Min(options.Batch, images.Count - first);
                ReadOnlyMemory<float> pixels = images.Slice(first, batch);
                twin.Begin(batch);
                await network.ForwardAsync(pixels, batch, logits.AsMemory(0, batch * network.Classes), twin, cancellationToken).ConfigureAwait(false);
                double[][] expected = ModelSide(twin.Watched, pixels, batch, first, round);
                for (int layer = 0; layer < layers; layer++)
                {
                    if (twin.Watched[layer])
                    {
                        Add(tallies[layer], network.AnalogNodes[layer], twin, expected[layer], first);
                        twin.Watched[layer] = !Done(tallies[layer]);
                    }
                }

                int done = twin.Watched.Count(watched => !watched);
                string again = round == 0 ? "" : $", round {round + 1}";
                fraction = Math.Max(fraction, Math.Max(Fraction(tallies), (round + (first + batch) / (double)images.Count) / options.Rounds));
                clock.Report(fraction, $"{done} of {layers} layers compared, {first + batch} images{again}", []);
            }

            // What plainly disagrees is not measured more closely.
            for (int layer = 0; layer < layers; layer++)
            {
                twin.Watched[layer] &= tallies[layer].MayLieIn(options.Allowed);
            }
        }

        return new TwinResult([.. network.AnalogNodes.Select(node => tallies[node.Index].ToLayer(node.Name, RoundingOfAnImage(node, tallies[node.Index], twin)))], options.Allowed);
    }

    private double RoundingOfAnImage(AnalogNode node, LayerTally tally, TwinRoute twin) => node.Operands == ProductOperands.Weights
        ? node.Positions * model.InputRounding(node.Index)
        : twin.Rounding[node.Index] / Math.Max(1, tally.Visits);

    private double[][] ModelSide(bool[] watched, ReadOnlyMemory<float> pixels, int batch, int first, int round)
    {
        NodeNoise?[] chosen = [.. _noise.Select((node, layer) => watched[layer] ? node : null)];
        double[][] sums = [.. _noise.Select(_ => new double[batch])];
        for (int draw = 0; draw < options.ModelDraws; draw++)
        {
            ulong seed = GaussianKey.Derive(options.Seed, 0x7711, (ulong)(round * options.ModelDraws + draw)).Value;
            network.SampleNodes(pixels.Span, batch, new NoiseInjection(seed, chosen, first), (node, clean, noisy) =>
            {
                if (watched[node.Index])
                {
                    AddSquares(clean, noisy, sums[node.Index]);
                }
            });
        }

        return sums;
    }

    private void AddSquares(ReadOnlySpan<float> clean, ReadOnlySpan<float> noisy, double[] sums)
    {
        int perImage = clean.Length / sums.Length;
        for (int i = 0; i < clean.Length; i++)
        {
            double difference = noisy[i] - clean[i];
            sums[i / perImage] += difference * difference / options.ModelDraws;
        }
    }

    private static void Add(LayerTally tally, AnalogNode node, TwinRoute twin, double[] expected, int first)
    {
        for (int image = 0; image < expected.Length; image++)
        {
            tally.Add(first + image, twin.Noise[node.Index][image], expected[image], twin.Bias[node.Index][image], (long)node.Positions * node.Channels);
        }
    }

    private bool Done(LayerTally tally) => tally.Images >= options.LeastImages && tally.HalfWidth <= options.HalfWidth;

    // The images a layer needs grow with the square of the width that is still missing; the slowest layer sets the pace.
    private double Fraction(LayerTally[] tallies) => tallies.Min(tally =>
    {
        double width = tally.HalfWidth / options.HalfWidth;
        return Math.Min((double)tally.Images / options.LeastImages, width > 1 ? 1 / (width * width) : width <= 1 ? 1 : 0);
    });
}
