namespace AnalogHil.Precision.Methods.Paper;

/// <summary>The search of Garg et al. 2021.</summary>
public sealed record PaperBisectionOptions
{
    /// <summary>Drop that is aimed at, a fraction.</summary>
    /// <value>Default: 0.02, two points.</value>
    public double Drop { get; init; } = 0.02;

    /// <summary>Accepted when the accuracy lies less than this above the target.</summary>
    /// <value>Default: 0.001, a tenth of a point.</value>
    public double Tolerance { get; init; } = 0.001;

    /// <summary>Most trainings.</summary>
    /// <value>Default: 16.</value>
    public int Steps { get; init; } = 16;

    /// <summary>Lower end of the bracket, mean E per multiply-accumulate.</summary>
    /// <value>Default: 1.</value>
    public double Lowest { get; init; } = 1;

    /// <summary>Upper end.</summary>
    /// <value>Default: 1e4, the start of the recipe.</value>
    public double Highest { get; init; } = 1e4;
}
