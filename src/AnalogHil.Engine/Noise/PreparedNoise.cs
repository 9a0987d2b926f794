using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Noise;

/// <summary>A <see cref="NoiseInjection"/> ready for the kernels of a network; one object may serve call after call.</summary>
internal sealed class PreparedNoise
{
    private NodeLaws _laws = null!;

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Index, in the data set, of the call's first image.</summary>
    public long FirstImage { get; private set; }

    /// <summary>Whether gradients follow the deviation's dependence on the input.</summary>
    public bool DifferentiatesDeviation { get; private set; }

    /// <summary>Law of each node's fresh noise; null for none.</summary>
    public NoiseLaw?[] Variances => _laws.Variances;

    /// <summary>-dVariance / d ln E of each node; null where it equals the variance.</summary>
    public NoiseLaw?[] Slopes => _laws.Slopes;

    /// <summary>Held part of the noise of each node; null for none.</summary>
    public HeldLaw?[] Held => _laws.Held;

    /// <summary>Checks and prepares an injection; null stays null.</summary>
    public static PreparedNoise? Prepare(NoiseInjection? injection, IReadOnlyList<AnalogStep> steps) => injection is null ? null : new PreparedNoise().Set(injection, steps);

    /// <summary>Takes over an injection; allocates nothing where its laws are bound to the network (<see cref="BoundNoise"/>).</summary>
    /// <exception cref="ArgumentException">The laws do not fit the network.</exception>
    public PreparedNoise Set(NoiseInjection injection, IReadOnlyList<AnalogStep> steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(injection.FirstImage);
        _laws = injection.Nodes is BoundNoise bound && bound.Laws.Fit(steps) ? bound.Laws : NodeLaws.Prepare(injection.Nodes, steps);
        Seed = injection.Seed;
        FirstImage = injection.FirstImage;
        DifferentiatesDeviation = injection.DifferentiatesDeviation;
        return this;
    }
}
