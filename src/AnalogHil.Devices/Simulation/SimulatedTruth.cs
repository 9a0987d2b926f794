using System.Collections.Immutable;
using AnalogHil.Core.Noise;

namespace AnalogHil.Devices.Simulation;

/// <summary>What a simulated device really is, for judging a calibration. Not reachable through the driver contract.</summary>
/// <param name="Terms">One entry per possible term, absent ones with sigma 0.</param>
/// <param name="Gain">[tile][column], dimensionless.</param>
/// <param name="Offset">[tile][column], dot-product units.</param>
public sealed record SimulatedTruth(ImmutableDictionary<NoiseTerm, SimulatedTerm> Terms, float[][] Gain, float[][] Offset);
