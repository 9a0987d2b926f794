namespace AnalogHil.Precision.Allocation;

/// <summary>One way of running an entry.</summary>
/// <param name="Cost">What it costs, not negative.</param>
/// <param name="Loss">What it loses, not negative.</param>
public readonly record struct AllocationOption(double Cost, double Loss);
