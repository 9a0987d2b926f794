using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Routes;

namespace AnalogHil.Precision.Validation;

/// <summary>The accuracy of a plan on the device, against the float32 network on the same examples.</summary>
/// <param name="Decision">Verdict, drop with its one-sided 95 % limits (90 % two-sided, as <see cref="NonInferiority"/> takes them), and examples that would decide. Fractions: 0.02 is two points.</param>
/// <param name="Counts">Paired counts.</param>
/// <param name="Examples">M.</param>
/// <param name="CleanAccuracy">Share of examples that the float32 network gets right.</param>
/// <param name="NoisyAccuracy">Share of examples that the device gets right.</param>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Counters">Reads, saturation, clipping, retries.</param>
/// <param name="Energy">Declared energy that the device says it spent, joules.</param>
/// <param name="Elapsed">Wall time.</param>
/// <remarks>Holds for the device as it is programmed now: one programming, one drift state. Read noise is fresh for every example.</remarks>
public sealed record ValidationRecord(
    NonInferiorityResult Decision,
    PairedCounts Counts,
    int Examples,
    double CleanAccuracy,
    double NoisyAccuracy,
    double Target,
    DeviceRouteCounters Counters,
    double Energy,
    TimeSpan Elapsed);
