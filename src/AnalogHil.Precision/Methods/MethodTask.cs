using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Methods;

/// <summary>What a method is given: the same for all methods that are compared.</summary>
/// <param name="Network">The network.</param>
/// <param name="Noise">Its noise, calibrated or of the literature.</param>
/// <param name="Layout">Layers or channels.</param>
/// <param name="Images">Labelled images to learn from; no reported accuracy may rest on them.</param>
public sealed record MethodTask(INetwork Network, INoiseModel Noise, PlanLayout Layout, LabelledImages Images)
{
    /// <summary>Largest E of one entry: K_max of a device, or a number beyond need.</summary>
    /// <value>Default: 1e9.</value>
    public double LargestEnergy { get; init; } = 1e9;

    /// <summary>Images on which the Karush-Kuhn-Tucker residual of the result is measured; 0 leaves it out. They are counted apart from what the method itself used.</summary>
    /// <value>Default: 256.</value>
    public int ResidualImages { get; init; } = 256;

    /// <summary>Images in one backward pass of the sensitivities; changes memory and time only.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Seed of labels, noise and the order of images.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Clock for the time a method takes.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Smallest E of one entry.</summary>
    public double LeastEnergy => Noise.LeastEnergy;
}
