using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Cli.Models;

/// <summary>What `hil model bits` found.</summary>
/// <param name="Network">The network that was judged.</param>
/// <param name="Judged">Its images.</param>
/// <param name="Observed">Images that the ranges of outputs are those of.</param>
/// <param name="Rows">One for each number of bits, that of the plan last.</param>
/// <param name="Elapsed">Time of all rows.</param>
internal sealed record LowBitResult(OnnxNetwork Network, LabelledImages Judged, LabelledImages Observed, IReadOnlyList<LowBitRow> Rows, TimeSpan Elapsed)
{
    /// <summary>What steps and noise rest on, in words.</summary>
    public string Ranges => FormattableString.Invariant(
        $"of each layer's outputs without bias: smallest to largest on {Observed.Count:N0} images of {Observed.Name}, at most {NoiseBitsMeter.UsualImages}, as for the noise bits of plans");

    /// <summary>What the intervals mean, in words.</summary>
    public const string Intervals =
        "95 %, images as units: what other images of the same kind would give; the draws of an image are averaged first, the difference is paired by image";

    /// <summary>What the noise is, in words.</summary>
    public const string Noise =
        "white and Gaussian, of variance step^2 / 12 with the step that the same bits have, range / (2^bits - 1); a draw for every output element, image and repetition";
}
