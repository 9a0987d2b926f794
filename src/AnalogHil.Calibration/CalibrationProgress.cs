using System.Collections.Immutable;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration;

/// <summary>Where a calibration stands.</summary>
/// <param name="Phase">"offset", "gain", "sigma" or "averaging", in this order.</param>
/// <param name="Fraction">Share of the whole calibration that is done, in [0, 1], never falling; an extrapolation while sigma is read.</param>
/// <param name="Terms">What is known of each term so far; empty before the first sigma look.</param>
/// <param name="Reads">Reads so far, the K reads of an execution counted one by one.</param>
public sealed record CalibrationProgress(string Phase, double Fraction, ImmutableArray<NoiseTermEstimate> Terms, long Reads);
