using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Routines;

/// <summary>What the mix routine did and found.</summary>
/// <param name="Fit">The fit of all reads.</param>
/// <param name="Looks">Rounds read.</param>
/// <param name="Reads">Reads made now.</param>
/// <param name="Faults">Tiles that could not be read to the end.</param>
/// <param name="Reached">Whether every interval is narrow enough.</param>
public sealed record MixRoutineResult(RefitResult Fit, int Looks, long Reads, ImmutableArray<TileFault> Faults, bool Reached);
