namespace AnalogHil.Calibration.Suite;

/// <summary>One design corner of the mix with what was measured and what the fit makes of it.</summary>
/// <param name="Point">Name.</param>
/// <param name="InputSquares">sum u^2.</param>
/// <param name="WeightSquares">sum g^2 of a column.</param>
/// <param name="Product">|y| of every column, dot-product units.</param>
/// <param name="Variance">Measured variance of one read, dot-product units squared, the converter's part included.</param>
/// <param name="Converter">The converter's part.</param>
/// <param name="Dof">Degrees of freedom.</param>
/// <param name="Reads">Reads.</param>
/// <param name="Fitted">By the mix.</param>
/// <param name="Score">Signed root of the deviance; about standard normal when the mix holds.</param>
public sealed record DesignRow(
    string Point, double InputSquares, double WeightSquares, double Product, double Variance, double Converter, double Dof, long Reads, double Fitted,
        double Score);
