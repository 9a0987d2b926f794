namespace AnalogHil.Precision.PlanFiles;

/// <summary>One measured noise term.</summary>
/// <param name="Name">"thermal", "weight", "shot-balanced" or "shot-direct".</param>
/// <param name="Sigma">Standard deviation of one read relative to device full scale; 0 where not told from zero.</param>
/// <param name="Low">Lower 95 % limit.</param>
/// <param name="High">Upper 95 % limit; null where not bounded.</param>
/// <param name="N">Reads behind it.</param>
/// <param name="Present">Whether it was told from zero.</param>
public sealed record PlanNoiseTerm(string Name, double Sigma, double Low, double? High, long N, bool Present);
