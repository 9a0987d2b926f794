namespace AnalogHil.Rpc.Wire;

/// <summary>Outcome of reading a stream: a message, or its end.</summary>
internal readonly record struct Received<T>(bool HasMessage, T Message);
