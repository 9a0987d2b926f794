using System.Collections.Immutable;

namespace AnalogHil.Ledger.Records;

/// <summary>Numbers that belong to an entry.</summary>
/// <param name="Name">Unique within the entry; letters, digits, dots, dashes, underscores.</param>
/// <param name="Shape">Extents, slowest first.</param>
/// <param name="Values">[product of the extents], row-major.</param>
public sealed record ArrayEntry(string Name, ImmutableArray<int> Shape, ReadOnlyMemory<float> Values);
