namespace AnalogHil.Precision.Methods;

/// <summary>One step of a method.</summary>
/// <param name="Step">From 0, in the order they were made.</param>
/// <param name="MeanEnergy">Mean E per multiply-accumulate at which the step was taken.</param>
/// <param name="Loss">Noisy cross entropy of the step's batch, nats; null where the step did not need it.</param>
/// <param name="LayerResidual">Karush-Kuhn-Tucker residual between layers there; null where the step did not measure it.</param>
public sealed record TracePoint(int Step, double MeanEnergy, double? Loss, double? LayerResidual);
