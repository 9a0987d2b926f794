using Google.Protobuf.Reflection;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>The contract as clients have it: protos/contract.binpb, the descriptors of analoghil.v1 as they were released last.</summary>
internal static class CommittedContract
{
    /// <summary>Where it is in the repository.</summary>
    public static string Path => System.IO.Path.Combine(Root(), "protos", "contract.binpb");

    /// <summary>The descriptors in the program.</summary>
    public static IReadOnlyList<FileDescriptor> Current { get; } =
    [
        .. typeof(V1.Mutation).Assembly.GetTypes()
            .Where(type => type.Namespace == "AnalogHil.V1" && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>What was released, by the name of the file.</summary>
    public static Dictionary<string, FileDescriptorProto> Released() =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path)).File.ToDictionary(file => file.Name);

    /// <summary>Root of the repository.</summary>
    public static string Root()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(System.IO.Path.Combine(at, "AnalogHil.sln")))
        {
            at = System.IO.Path.GetDirectoryName(at);
        }

        return at ?? throw new InvalidOperationException("no AnalogHil.sln above the tests; run them in the repository");
    }
}
