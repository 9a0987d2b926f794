using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>One block of images on its way back.</summary>
internal sealed unsafe class BackwardContext(
    ForwardContext forward, Frame gradients, bool[] needed, GradientSums sums, NoiseLaw[]? sensitivityAt)
{
    private readonly bool[] _written = new bool[needed.Length];

    /// <summary>The forward pass it follows.</summary>
    public ForwardContext Forward { get; } = forward;

    /// <summary>Where the sums for precision learning go.</summary>
    public GradientSums Sums { get; } = sums;

    /// <summary>Laws for the sensitivity; null when it is not wanted.</summary>
    public NoiseLaw[]? SensitivityAt { get; } = sensitivityAt;

    /// <summary>Where gradients in gains, offsets and weights go; null when they are not wanted.</summary>
    public ParameterSums? Parameters { get; init; }

    /// <summary>Place of the block's first image in <see cref="Sums"/>.</summary>
    public int SumIndex { get; set; }

    /// <summary>Whether dL / d value is wanted: some analog product lies before it.</summary>
    public bool Needs(GraphValue value) => needed[value.Id];

    /// <summary>Whether any reader has contributed to dL / d value.</summary>
    public bool Has(GraphValue value) => _written[value.Id];

    /// <summary>dL / d value, and whether to add to it (a reader has contributed) or to overwrite it.</summary>
    public float* Contribute(GraphValue value, out bool accumulate)
    {
        accumulate = _written[value.Id];
        _written[value.Id] = true;
        return gradients.Value(value.Id);
    }

    /// <summary>dL / d value.</summary>
    public float* Gradient(GraphValue value) => gradients.Value(value.Id);
}
