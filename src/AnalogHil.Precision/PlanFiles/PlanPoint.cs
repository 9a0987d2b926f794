namespace AnalogHil.Precision.PlanFiles;

/// <summary>One energy that was tried on the search split.</summary>
/// <param name="Family">"uniform", or the name of the method.</param>
/// <param name="PerMac">Mean E per multiply-accumulate.</param>
/// <param name="Drop">Drop, a fraction.</param>
/// <param name="Low">Lower 95 % limit.</param>
/// <param name="High">Upper 95 % limit.</param>
/// <param name="Images">Examples.</param>
/// <param name="Draws">Noise draws for each.</param>
public sealed record PlanPoint(string Family, double PerMac, double Drop, double Low, double High, int Images, int Draws);
