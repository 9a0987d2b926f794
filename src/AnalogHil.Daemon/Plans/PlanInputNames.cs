using AnalogHil.Core.Noise;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Daemon.Plans;

/// <summary>Where the inputs of a plan are; paths are absolute.</summary>
/// <param name="Model">ONNX model.</param>
/// <param name="Data">Directory of the examples.</param>
/// <param name="Calibration">Directory of the examples to learn from; null for the calibration split of <paramref name="Data"/>.</param>
/// <param name="Declarations">Directory of declarations of preprocessing.</param>
/// <param name="Laws">Noise laws; null where a record is given.</param>
/// <param name="Record">Directory of a campaign whose calibration is the noise; null for laws.</param>
/// <param name="Threads">Threads.</param>
public sealed record PlanInputNames(
    string Model, string Data, string? Calibration, string Declarations, ReferenceLaws? Laws, string? Record, int Threads)
{
    /// <summary>Rows of a tile, for energies per row group under laws; null where none is given.</summary>
    public int? TileRows { get; init; }

    /// <summary>Rule for the ranges of inputs (<see cref="Engine.Quantisation.RangeRules"/>) of a network that is put on 8-bit grids before the noise of a law is
    /// added.</summary>
    /// <value>Default: null, the float32 network.</value>
    public string? Quantised { get; init; }

    /// <summary>Whether measured noise is taken at the upper confidence limit of every term's sigma.</summary>
    /// <value>Default: false, the estimates.</value>
    public bool AtUpperLimits { get; init; }

    /// <summary>Whether laws are the paper's equations or its authors' code.</summary>
    /// <value>Default: the equations.</value>
    public ReferenceProfile LawProfile { get; init; }
}
