namespace AnalogHil.Daemon.Records.Costs;

/// <summary>One part of the energy that a device declares for an image.</summary>
/// <param name="Name">"multiply-accumulates", "output conversions" or "input conversions".</param>
/// <param name="Count">How many of them the learned plan takes for one image, repeats, passes and copies counted.</param>
/// <param name="JoulesEach">Declared energy of one, joules.</param>
/// <param name="UniformCount">How many the uniform plan takes.</param>
/// <param name="Source">Where the declared value comes from; null where the device does not tell.</param>
public sealed record DeclaredPartRecord(string Name, double Count, double JoulesEach, double UniformCount, string? Source);
