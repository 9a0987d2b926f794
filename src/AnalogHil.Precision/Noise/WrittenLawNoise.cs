using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Noise;

/// <summary>Laws of the literature in their written form (<c>thermal:0.01+shot:35</c>) as noise to learn against: one read has all of them, E is the number of reads that are averaged.</summary>
public sealed class WrittenLawNoise : INoiseModel
{
    private readonly ElementVariance[] _oneRead;

    private WrittenLawNoise(ReferenceLaws laws, ElementVariance[] oneRead) => (Laws, _oneRead) = (laws, oneRead);

    /// <summary>The laws.</summary>
    public ReferenceLaws Laws { get; }

    /// <inheritdoc/>
    public int Layers => _oneRead.Length;

    /// <inheritdoc/>
    public double LeastEnergy => 1e-6;

    /// <summary>Binds a network to laws.</summary>
    /// <param name="network">The network.</param>
    /// <param name="laws">Each at E = 1: energies are what is learned.</param>
    /// <param name="images">[count x C x H x W] calibration images, which give dx, and the mean squares that fixed gains rest on.</param>
    /// <param name="count">Images; 64 to 160 will do.</param>
    /// <param name="ranges">Range of every node's input where it is known, such as a converter's; null to observe it.</param>
    /// <exception cref="PrecisionException">A law has an energy of its own, no strength, or a draw that is held.</exception>
    public static WrittenLawNoise Create(INetwork network, ReferenceLaws laws, ReadOnlySpan<float> images, int count, IReadOnlyList<InputRange>? ranges = null)
    {
        if (laws.Laws.FirstOrDefault(law => law.Energy != 1) is { } fixedEnergy)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"the law {laws} fixes an energy of {fixedEnergy.Energy:G4}, and the energy is what is learned; leave @{fixedEnergy.Energy:G4} out");
        }

        if (laws.Laws.FirstOrDefault(law => law.Lifetime.IsHeld) is { } held)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"the law {laws} holds a draw {held.Lifetime}, and energies are learned for noise that is new in every read; leave the lifetime out, and judge the plan with it");
        }

        if (laws.Laws.All(law => law.Strength == 0))
        {
            throw new PrecisionException(PrecisionFault.Data, $"the law {laws} is without noise, so that no energy can be learned; give a sigma above 0 (thermal:0.01 and weight:0.1 in the paper)");
        }

        IReadOnlyList<InputRange> spans = ranges ?? (laws.UsesInputSpan || network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations)
            ? network.ObserveRanges(images, count)
            : new InputRange[network.AnalogNodes.Count]);
        ProductSquares[]? squares = laws.UsesSquares ? ProductMoments.Of(network, images, count) : null;
        return new WrittenLawNoise(
            laws,
            [
                .. network.AnalogNodes.Select((node, i) => laws.OneReadOf(
                    node, (double)spans[i].High - spans[i].Low, (double)spans[i].OperandHigh - spans[i].OperandLow, squares?[i])),
            ]);
    }

    /// <inheritdoc/>
    public NodeNoise[] At(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return [.. _oneRead.Select((law, layer) => new NodeNoise(ReferenceNoiseModel.Divide(law, energy[layer])))];
    }

    /// <inheritdoc/>
    /// <remarks>The same at every energy.</remarks>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return [.. _oneRead];
    }

    /// <inheritdoc/>
    public double[][] Ones() => [.. _oneRead.Select(_ => new double[] { 1 })];

    private void CheckCount(int count)
    {
        if (count != _oneRead.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"energies of {count} layers were given, the network has {_oneRead.Length} analog products; use those of this network");
        }
    }
}
