namespace Grpc.Core;

/// <summary>Options of the messages written from now on.</summary>
/// <param name="flags">How the messages are written.</param>
public class WriteOptions(WriteFlags flags = default)
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>How the messages are written.</summary>
    public WriteFlags Flags { get; } = flags;
}
