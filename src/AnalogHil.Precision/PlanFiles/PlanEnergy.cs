namespace AnalogHil.Precision.PlanFiles;

/// <summary>Energy of a plan: mean E per multiply-accumulate, one read of everything being 1. Converters, weight writing and digital operations are not in it.</summary>
/// <param name="PerMac">Energy of the plan.</param>
/// <param name="Low">Lower 95 % limit of the energy that the search was for, from the finite search split; null where not bounded.</param>
/// <param name="High">Upper limit; null where not bounded.</param>
/// <param name="UniformPerMac">Energy of the uniform plan found by the same search for the same target.</param>
/// <param name="UniformLow">Its lower limit; null where not bounded.</param>
/// <param name="UniformHigh">Its upper limit; null where not bounded.</param>
/// <param name="Ratio">Plan over uniform.</param>
/// <param name="RatioLow">Lower 95 % limit, paired by images and noise; null where not bounded.</param>
/// <param name="RatioHigh">Upper limit; null where not bounded.</param>
/// <param name="Level">Level of these intervals.</param>
public sealed record PlanEnergy(
    double PerMac, double? Low, double? High, double UniformPerMac, double? UniformLow, double? UniformHigh, double Ratio, double? RatioLow, double? RatioHigh, double Level);
