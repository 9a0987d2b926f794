namespace AnalogHil.Daemon.Records.Costs;

/// <summary>Energy of the learned plan beside the uniform plan found with the same search for the same target.</summary>
/// <param name="Uniform">Energy of the uniform plan, in <paramref name="Unit"/>.</param>
/// <param name="Learned">Energy of the learned plan, in <paramref name="Unit"/>.</param>
/// <param name="Ratio">Learned over uniform.</param>
/// <param name="Unit">"reads per MAC": mean repeats, weighted by multiply-accumulates; one read of everything is 1.</param>
public sealed record EnergyRecord(double Uniform, double Learned, double Ratio, string Unit)
{
    /// <summary>Largest uniform K that was tried, where no uniform plan is predicted to be accepted; null where one is. <see cref="Uniform"/> and <see cref="Ratio"/> say
    /// nothing about equal accuracy then.</summary>
    public double? UniformTried { get; init; }

    /// <summary>Lower 95 % limit of <see cref="Uniform"/> from the finite search split: SE(ln E) = SE(drop) / |d drop / d ln E|; null when not known.</summary>
    public double? UniformLow { get; init; }

    /// <summary>Upper limit of <see cref="Uniform"/>; null when not known.</summary>
    public double? UniformHigh { get; init; }

    /// <summary>Lower 95 % limit of <see cref="Learned"/>, likewise.</summary>
    public double? LearnedLow { get; init; }

    /// <summary>Upper limit of <see cref="Learned"/>; null when not known.</summary>
    public double? LearnedHigh { get; init; }

    /// <summary>Lower limit of <see cref="Ratio"/>; null when not known.</summary>
    public double? RatioLow { get; init; }

    /// <summary>Upper limit of <see cref="Ratio"/>; null when not known.</summary>
    public double? RatioHigh { get; init; }

    /// <summary>Declared energy of one image with the learned plan, joules (the device's profile, not a measurement); null when not declared.</summary>
    public double? JoulesPerImage { get; init; }

    /// <summary>Declared energy of one image with the uniform plan, joules; null when not declared.</summary>
    public double? UniformJoulesPerImage { get; init; }

    /// <summary>Output conversions of one image with the learned plan; null when not known.</summary>
    public double? ConversionsPerImage { get; init; }

    /// <summary>Output conversions of one image with the uniform plan; null when not known.</summary>
    public double? UniformConversionsPerImage { get; init; }
}
