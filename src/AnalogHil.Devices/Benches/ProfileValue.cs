namespace AnalogHil.Devices.Benches;

/// <summary>One value of a profile and why it should be believed.</summary>
/// <param name="Name">Quantity.</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit; "1" for dimensionless.</param>
/// <param name="Class">literature, fitted or measured.</param>
/// <param name="Source">Citation, or how it was fitted or measured.</param>
/// <param name="Low">Start of the range in which the source holds.</param>
/// <param name="High">End of that range.</param>
public sealed record ProfileValue(string Name, double Value, string Unit, string Class, string Source, double Low, double High);
