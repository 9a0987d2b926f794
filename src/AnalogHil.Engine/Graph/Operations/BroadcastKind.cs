namespace AnalogHil.Engine.Graph.Operations;

/// <summary>What is done with two values, element by element. Comparisons give 1 or 0 and have no gradient.</summary>
internal enum BroadcastKind
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>a = b.</summary>
    Equal,

    /// <summary>a above b.</summary>
    Greater,

    /// <summary>a below b.</summary>
    Less,
}
