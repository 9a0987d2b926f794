using AnalogHil.Precision.Methods;

namespace AnalogHil.Precision.Clipping;

/// <summary>Chooses the full scales of inputs and weights for given energies.</summary>
public interface IFullScales
{
    /// <summary>Images that were passed forward to observe the inputs.</summary>
    int Images { get; }

    /// <summary>Whether gradients of the noisy loss move them after a closed form chose them.</summary>
    bool AreLearned { get; }

    /// <summary>The network at the full scales for these energies, and its noise there.</summary>
    /// <param name="task">Images, seed, and the network that counts what is passed.</param>
    /// <param name="energy">[layer][one entry, or one per channel] E.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    ClippedNetwork Choose(MethodTask task, IReadOnlyList<double[]> energy, CancellationToken cancellationToken);
}
