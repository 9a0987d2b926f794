namespace AnalogHil.Engine.Graph.Operations.Products;

/// <summary>Matrix product of two activations, group by group: attention's queries times keys, and probabilities times values, of each head.</summary>
/// <remarks>Inputs are [groups x rows x length] and [groups x length x columns], the output is [groups x rows x columns].</remarks>
/// <param name="AnalogIndex">Position among the model's analog products, in file order; -1 where the product stays digital.</param>
/// <param name="Operator">ONNX operator it came from.</param>
/// <param name="Groups">Heads.</param>
/// <param name="Rows">Output positions of one head: rows of the first operand.</param>
/// <param name="Length">N.</param>
/// <param name="Columns">Columns of the second operand.</param>
internal sealed record ActivationProductOperation(int AnalogIndex, string Operator, int Groups, int Rows, int Length, int Columns) : Operation
{
    /// <summary>Whether the product runs on the analog device.</summary>
    public bool IsAnalog => AnalogIndex >= 0;
}
