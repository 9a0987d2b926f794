using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Certification;

/// <summary>One allocation that was put to the test.</summary>
/// <param name="Energy">Mean E per multiply-accumulate.</param>
/// <param name="Decision">Verdict with limits.</param>
/// <param name="Observed">The drop with what its error is made of.</param>
public sealed record CertifiedPoint(double Energy, NonInferiorityResult Decision, CrossedDrop Observed);
