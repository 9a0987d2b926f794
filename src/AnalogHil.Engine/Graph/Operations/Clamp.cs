namespace AnalogHil.Engine.Graph.Operations;

/// <summary>min(max(x, Low), High): ReLU is [0, infinity), ReLU6 is [0, 6].</summary>
internal readonly record struct Clamp(float Low, float High)
{
    public static Clamp None { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    public static Clamp Relu { get; } = new(0, float.PositiveInfinity);

    public bool IsNone => this == None;
}
