namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>Picks, repeats and reorders rows, columns and channels: spatial slices, single tokens, expansions.</summary>
/// <param name="Rows">For each row of the output the input's.</param>
/// <param name="Columns">For each column of the output the input's.</param>
/// <param name="Channels">For each channel of the output the input's.</param>
internal sealed record PickOperation(int[] Rows, int[] Columns, int[] Channels) : Operation;
