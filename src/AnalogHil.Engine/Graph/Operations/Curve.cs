namespace AnalogHil.Engine.Graph.Operations;

/// <summary>A smooth or bent function of one value; straight clamps are <see cref="Clamp"/>.</summary>
internal enum Curve
{
    /// <summary>Gauss error function.</summary>
    Erf,

    /// <summary>x Phi(x), Phi the cumulative normal distribution.</summary>
    Gelu,

    /// <summary>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the usual approximation of <see cref="Gelu"/>, off by up to 5E-4.</summary>
    GeluTanh,

    /// <summary>x for positive x, a small slope times x else.</summary>
    LeakyRelu,

    /// <summary>x raised to a constant.</summary>
    Power,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Square root.</summary>
    SquareRoot,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}
