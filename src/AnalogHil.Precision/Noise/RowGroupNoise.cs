using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Noise;

/// <summary>
/// Noise of products whose row groups have energies of their own: each group's partial product is read by itself, the groups are added up digitally, and
/// their variances with them. Energies are one entry for a whole layer, or one for each of its row groups.
/// </summary>
/// <remarks>
/// Receiver noise of a group is sigma^2 dW^2 dx^2 N_g / E_g with the full scales of the whole channel; balanced shot noise A_g X_g / (N_g E_g), for the power
/// is balanced in each tile by itself. At equal energies this is the law of the whole product for receiver and weight noise, not for shot noise.
/// </remarks>
public sealed class RowGroupNoise : INoiseModel
{
    private readonly RowGroupLaw[][] _groups;

    private RowGroupNoise(RowGroupLaw[][] groups, double least) => (_groups, LeastEnergy) = (groups, least);

    /// <inheritdoc/>
    public int Layers => _groups.Length;

    /// <inheritdoc/>
    public double LeastEnergy { get; }

    /// <summary>Row groups of the layer that has most of them: backward passes that sensitivities and gradients of row groups take.</summary>
    public int MostGroups => _groups.Max(layer => layer.Length);

    /// <summary>Measured noise by the row blocks of a device.</summary>
    /// <exception cref="PrecisionException">The noise does not tell the rows of a layer apart.</exception>
    public static RowGroupNoise Of(NoiseModel device)
    {
        if (device.Profile.Terms.Any(term => term.Term == NoiseTerm.ShotDirect))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                "direct-detection shot noise follows the sum of |x| over all rows of a layer, which the model keeps in one piece; learn per layer");
        }

        return new RowGroupNoise([.. device.Scales.Select(scale => RowGroupLaw.Of(device.Profile, scale))], device.LeastEnergy);
    }

    /// <summary>Laws of the literature by row groups.</summary>
    /// <param name="network">The network.</param>
    /// <param name="laws">Each at E = 1.</param>
    /// <param name="rowStarts">Cuts of each product.</param>
    /// <param name="images">Calibration images, which give dx.</param>
    /// <param name="count">Images.</param>
    /// <exception cref="PrecisionException">A law has an energy of its own, no strength, or a draw that is held, or is intensity noise or shot noise with fixed gains; or a product is one of two
    /// activations.</exception>
    public static RowGroupNoise Of(INetwork network, ReferenceLaws laws, IReadOnlyList<int[]> rowStarts, ReadOnlySpan<float> images, int count)
    {
        if (network.AnalogNodes.FirstOrDefault(node => node.Operands == ProductOperands.TwoActivations) is { } pair)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"layer {pair.Name} multiplies two activations, whose rows the laws of the literature do not tell apart; compute such products digitally, or "
                    + "learn per layer");
        }

        if (laws.Laws.Any(law => law.Kind == ReferenceLawKind.Intensity))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                "intensity noise goes with the whole product, which is what it is before row groups are read one by one; learn per layer or per channel");
        }

        if (laws.UsesSquares)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                "shot noise with fixed gains has gains of the whole product, not of its row groups; learn per layer or per channel, or with shot:PHOTONS, whose power is balanced in each tile");
        }

        // Refuses what cannot be learned.
        WrittenLawNoise whole = WrittenLawNoise.Create(network, laws, images, count);
        InputRange[] spans = laws.UsesInputSpan ? network.ObserveRanges(images, count) : new InputRange[network.AnalogNodes.Count];
        return new RowGroupNoise(
            [.. network.AnalogNodes.Select((node, i) => RowGroupLaw.Of(node, laws, (double)spans[i].High - spans[i].Low, rowStarts[i]))], whole.LeastEnergy);
    }

    /// <inheritdoc/>
    public NodeNoise[] At(IReadOnlyList<double[]> energy) => At(energy, null);

    /// <summary>Noise of every node whose energy slope is that of one row group alone.</summary>
    /// <param name="energy">[layer][one entry, or one for each row group].</param>
    /// <param name="group">The row group; layers that have fewer get no slope. Null for all groups.</param>
    public NodeNoise[] At(IReadOnlyList<double[]> energy, int? group)
    {
        CheckCount(energy);
        return
        [
            .. _groups.Select((groups, layer) => new NodeNoise(
                Sum(groups, energy[layer], null, (law, e) => law.Variance(e)),
                Sum(groups, energy[layer], group, (law, e) => law.Slope(e)))),
        ];
    }

    /// <inheritdoc/>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy) => AveragingPartOfOneRead(energy, null);

    /// <summary>E times -dVar / d ln E of one row group alone.</summary>
    /// <param name="energy">[layer][one entry, or one for each row group].</param>
    /// <param name="group">The row group; layers that have fewer get none. Null for all groups.</param>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy, int? group)
    {
        CheckCount(energy);
        return [.. _groups.Select((groups, layer) => Sum(groups, energy[layer], group, (law, e) => law.AveragingPartOfOneRead(e)))];
    }

    /// <inheritdoc/>
    public double[][] Ones() => [.. _groups.Select(_ => new double[] { 1 })];

    /// <summary>Row groups of a layer.</summary>
    /// <param name="layer">Position among the analog nodes.</param>
    public int GroupsOf(int layer) => _groups[layer].Length;

    private static ElementVariance Sum(RowGroupLaw[] groups, double[] energy, int? only, Func<RowGroupLaw, double, ElementVariance> figure) => JoinedBlocks.Of(
        [.. groups.Select((law, group) =>
        {
            ElementVariance variance = figure(law, energy.Length == 1 ? energy[0] : energy[group]);
            return only is null || only == group ? variance : JoinedBlocks.Silent(variance);
        })]);

    private void CheckCount(IReadOnlyList<double[]> energy)
    {
        if (energy.Count != _groups.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"energies of {energy.Count} layers were given, the network has {_groups.Length} analog products; use those of this network");
        }

        for (int layer = 0; layer < energy.Count; layer++)
        {
            if (energy[layer].Length != 1 && energy[layer].Length != _groups[layer].Length)
            {
                throw new PrecisionException(
                    PrecisionFault.PlanDoesNotFit,
                    $"{energy[layer].Length} energies for {_groups[layer].Length} row groups of layer {layer}; give one for all or one for each");
            }
        }
    }
}
