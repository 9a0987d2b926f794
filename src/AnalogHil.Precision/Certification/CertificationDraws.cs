using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Certification;

/// <summary>The noise draws of a certification on the model route.</summary>
/// <param name="Count">R, at least 1.</param>
public sealed record CertificationDraws(int Count = 1)
{
    /// <summary>
    /// sigma_p of the error with which weights are programmed, in units of dW: drawn once for a device and the same for all examples, on top of the read noise.
    /// No K averages it. Each draw is a device of its own. 0 for none.
    /// </summary>
    public double ProgrammingSigma { get; init; }

    /// <summary>Whether the examples of a draw share part of its noise.</summary>
    public bool AreShared => ProgrammingSigma > 0;

    /// <summary>Refuses what no claim can rest on.</summary>
    /// <exception cref="PrecisionException">Too few draws, or a sigma that is none.</exception>
    public void Require()
    {
        if (!(ProgrammingSigma >= 0 && double.IsFinite(ProgrammingSigma)))
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"the programming error's sigma is {ProgrammingSigma}; give a finite one, not negative, "
                    + "in units of the span of a channel's weights (0.01 is one per cent of it)");
        }

        int least = AreShared ? CrossedDrop.FewestShared : 1;
        if (Count < least)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"{Count} noise draws were given, at least {least} are needed"
                    + (AreShared ? ": a programming error is shared by all examples, so the drop varies from device to device, and fewer devices do not say by how much" : "")
                    + $"; give {least} or more");
        }
    }

    /// <summary>The read noise with the programming error held over all examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fresh">Read noise of every node.</param>
    /// <exception cref="PrecisionException">Part of it is held already.</exception>
    public NodeNoise[] WithShared(INetwork network, NodeNoise[] fresh)
    {
        if (!AreShared)
        {
            return fresh;
        }

        RequireTogether(fresh);
        if (fresh.Any(noise => noise.Held is not null))
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                "the noise has a held part of its own, as weight noise of the authors' code has, and a programming error would be held in its place; certify one of the two");
        }

        var law = new ReferenceLaw(ReferenceLawKind.Weight, ProgrammingSigma, 1);
        return
        [
            .. fresh.Select((noise, layer) => network.AnalogNodes[layer] is { Operands: ProductOperands.Weights } node
                ? noise with { Held = new HeldNoise(ReferenceNodeNoise.Of(node, law, 0), Still(node)) { ImagesPerDraw = int.MaxValue } }
                : noise),
        ];
    }

    /// <summary>Refuses noise that a programming error cannot be drawn beside; asked before anything is learned.</summary>
    /// <exception cref="PrecisionException">It is intensity noise.</exception>
    internal void RequireTogether(NodeNoise[] fresh)
    {
        if (AreShared && fresh.Any(noise => noise.Variance.SharedGain is not null))
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                "intensity noise (rin) is not drawn beside a programming error that is held (--programming); certify one of the two");
        }
    }

    // What energy does not change.
    private static ElementVariance Still(AnalogNode node) =>
        new([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
}
