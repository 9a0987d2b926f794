namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>Picks, repeats, reorders and adds channels: parts of a split, shuffled groups, channels padded in a shortcut without weights.</summary>
/// <param name="Source">For each output channel the input channel it copies, or -1 for <paramref name="Fill"/>.</param>
/// <param name="Fill">Value of the channels that copy none.</param>
internal sealed record ChannelsOperation(int[] Source, float Fill) : Operation;
