namespace AnalogHil.Engine.Graph;

/// <summary>What a model may ask for before it is taken for damaged or hostile; far above any network of the field.</summary>
internal static class GraphLimits
{
    /// <summary>Values of one activation of one item (256 MiB of float32).</summary>
    public const int ItemValues = 1 << 26;

    /// <summary>Values of all buffers that one item needs at the same time (1 GiB of float32).</summary>
    public const int ArenaValues = 1 << 28;

    /// <summary>Weights of all products together (1 GiB of float32).</summary>
    public const long WeightValues = 1 << 28;

    /// <summary>Values of all constants that are computed while a file is read.</summary>
    public const long ComputedValues = 1 << 24;

    /// <summary>Largest kernel, stride, padding or dimension.</summary>
    public const int Extent = 1 << 20;

    /// <summary>Records (nodes, attributes, names, constants) of a model file; each becomes an object of a few hundred bytes at most.</summary>
    public const int FileRecords = 1 << 19;

    /// <summary>Integers that a model file lists one by one: one byte each in the file, eight in memory (512 MiB of them).</summary>
    public const long FileIntegers = 1 << 26;

    /// <summary>Largest model file, bytes; a protobuf message cannot be larger.</summary>
    public const long FileBytes = int.MaxValue;
}
