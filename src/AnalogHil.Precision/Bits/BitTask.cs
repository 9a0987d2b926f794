using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Bits;

/// <summary>What <see cref="BitStudy"/> chooses bits for.</summary>
/// <param name="Network">The float32 network.</param>
/// <param name="Device">The network on the device.</param>
/// <param name="Noise">Measured noise of the device.</param>
/// <param name="Plan">The plan in use, one K a layer, to be bettered.</param>
/// <param name="LargestRepeats">Largest K that may be chosen.</param>
/// <param name="Learning">Examples for sensitivities and for the ends of the grids; labels are not looked at.</param>
/// <param name="Trial">Examples, on which the plan was not learned, to try the choice on.</param>
public sealed record BitTask(
    OnnxNetwork Network, NetworkOnDevice Device, NoiseModel Noise, PrecisionPlan Plan, int LargestRepeats, LabelledImages Learning, LabelledImages Trial)
{
    /// <summary>Bits of converters that a device declares as ideal.</summary>
    public const int UsualBits = 8;

    /// <summary>Fewest bits to be chosen.</summary>
    /// <value>2 to 16. Default: 4, below which the second order is seldom right.</value>
    public int FewestBits { get; init; } = 4;

    /// <summary>Largest declared energy of one image, joules; null for the least at the loss of the plan in use.</summary>
    public double? Joules { get; init; }

    /// <summary>Images for the sensitivities.</summary>
    /// <value>Default: 256.</value>
    public int SensitivityImages { get; init; } = 256;

    /// <summary>Seed of the noise.</summary>
    public ulong Seed { get; init; } = 1;
}
