using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Noise;

/// <summary>What the model route adds to every element of every analog product at a given energy: a calibrated device (<see cref="NoiseModel"/>) or a law of the literature (<see cref="ReferenceNoiseModel"/>).</summary>
/// <remarks>Energies are given as one array per analog node: one entry for all of its channels, or one per channel; E is energy per multiply-accumulate, K repeats of one read or photons.</remarks>
public interface INoiseModel
{
    /// <summary>Number of analog nodes.</summary>
    int Layers { get; }

    /// <summary>Smallest E that means something: 1 on a device, where everything is read at least once; 1e-6 for a law without a device.</summary>
    double LeastEnergy { get; }

    /// <summary>Noise of every node at these energies.</summary>
    /// <exception cref="PrecisionException">The energies are those of another network.</exception>
    NodeNoise[] At(IReadOnlyList<double[]> energy);

    /// <summary>E times -dVar / d ln E: the variance that one read (E = 1) of the part that averages would have, judged at <paramref name="energy"/>.</summary>
    /// <exception cref="PrecisionException">The energies are those of another network.</exception>
    ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy);

    /// <summary>One entry of 1 for each layer.</summary>
    double[][] Ones();
}
