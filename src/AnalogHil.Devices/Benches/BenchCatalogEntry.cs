using System.Collections.Immutable;

namespace AnalogHil.Devices.Benches;

/// <summary>One file of a folder of benches.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bench">What it says; null when it is wrong.</param>
/// <param name="Errors">Everything that is wrong in it.</param>
public sealed record BenchCatalogEntry(string Path, BenchFile? Bench, ImmutableArray<BenchFileError> Errors);
