using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution.Memory;

/// <summary>The steps during which a value is needed, both included.</summary>
internal readonly record struct ValueLifetime(GraphValue Value, int First, int Last);
