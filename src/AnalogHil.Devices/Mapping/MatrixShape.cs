namespace AnalogHil.Devices.Mapping;

/// <summary>One layer's matrix as the mapper sees it.</summary>
/// <param name="Layer">Name, for messages.</param>
/// <param name="DotLength">N, rows of one group.</param>
/// <param name="Channels">Output channels over all groups.</param>
/// <param name="Groups">Groups; each is a matrix [DotLength x Channels / Groups] of its own, driven by itself.</param>
/// <param name="Copies">Copies in space; 1 for none.</param>
public sealed record MatrixShape(string Layer, int DotLength, int Channels, int Groups, int Copies = 1);
