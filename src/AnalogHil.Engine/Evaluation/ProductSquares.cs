namespace AnalogHil.Engine.Evaluation;

/// <summary>Mean squares of the operands of one analog product, in the network's units.</summary>
/// <param name="Input">Mean of X = sum x^2 over patches of the calibration images, not negative.</param>
/// <param name="Operand">Mean of A = sum w^2 over filters, or over columns of the second operand where both are activations; not negative.</param>
public readonly record struct ProductSquares(double Input, double Operand);
