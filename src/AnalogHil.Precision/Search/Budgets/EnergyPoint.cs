using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>One allocation of energy that can be tried: continuous, or the whole repeats of a plan.</summary>
/// <param name="MeanEnergy">Mean E per multiply-accumulate, passes counted.</param>
/// <param name="Layers">[layer][one entry, or one per channel] E.</param>
public sealed record EnergyPoint(double MeanEnergy, double[][] Layers)
{
    /// <summary>The plan where these are whole repeats; null for continuous energies.</summary>
    public PrecisionPlan? Plan { get; init; }

    /// <summary>At most this share of the second-order loss that the learned shares are the optimum of could be saved by rounding them otherwise at no more energy; null where nothing was allocated in integers.</summary>
    public double? GapBound { get; init; }

    /// <summary>The network that goes with these energies, such as one with a digital correction learned at them; null for the network of the comparison.</summary>
    public INetwork? Network { get; init; }

    /// <summary>Noise of <see cref="Network"/> where it has another law, as one of other weights has; null for the noise of the comparison.</summary>
    public INoiseModel? Noise { get; init; }

    /// <summary>The point of a plan.</summary>
    public static EnergyPoint Of(PrecisionPlan plan) => new(plan.RelativeEnergy, NoiseModel.RepeatsOf(plan)) { Plan = plan };

    internal string Key => string.Join(';', Layers.Select(layer => string.Join(',', layer)));
}
