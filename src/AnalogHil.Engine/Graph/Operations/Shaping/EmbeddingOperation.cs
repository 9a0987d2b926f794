namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>Row of a table for every integer of an input: token embeddings.</summary>
/// <param name="Table">[rows x width].</param>
/// <param name="Rows">Number of rows: the vocabulary.</param>
/// <param name="Width">Length of one row.</param>
internal sealed record EmbeddingOperation(float[] Table, int Rows, int Width) : Operation;
