using System.Collections.Immutable;

namespace AnalogHil.Engine.Data;

/// <summary>Which images of a set some images are.</summary>
/// <param name="Of">Images of the whole set.</param>
/// <param name="Places">Place of each image in the set's files, from 0 and below <paramref name="Of"/>, in the order of the images; none twice.</param>
public sealed record DrawnPlaces(int Of, ImmutableArray<int> Places);
