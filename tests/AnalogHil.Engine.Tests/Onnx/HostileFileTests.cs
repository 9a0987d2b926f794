using AnalogHil.Engine.Onnx.Wire;
using AnalogHil.Engine.Tests.Onnx.Hostile;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Whatever the bytes are: a network or a <see cref="ModelImportException"/>, and bounded memory.</summary>
public sealed class HostileFileTests(ITestOutputHelper output)
{
    private const long MostBytes = 64L << 20;
    private const int TooManyIntegers = (1 << 26) + 1;

    public static TheoryData<string> Names => [.. Networks.Names.Where(name => name != "wide")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_MutatedFile_FailsCleanly(string name) => Fuzz(name, Networks.Create(name).Bytes(), seed: 1, files: 1000);

    [Fact]
    public void Parse_MutatedRealModel_FailsCleanly() => Fuzz("fashion-lenet", File.ReadAllBytes(Repository.Lenet), seed: 2, files: 200);

    [Fact]
    public void Parse_MutatedComputedConstants_FailsCleanly() => Fuzz("computed constants", ComputedConstants(), seed: 4, files: 2000);

    [Fact]
    public void Parse_EveryTruncation_FailsCleanly()
    {
        byte[] file = new ModelWriter(2, 6, 6).Conv(2, 3, 3).Relu().Flatten().Gemm(48, 2).Bytes();
        var count = new FuzzCount(MostBytes);
        for (int length = 0; length < file.Length; length++)
        {
            count.Attempt(file.AsSpan(0, length));
        }

        count.Report(output, "truncations");
    }

    [Fact]
    public void ComputedConstants_Undamaged_IsANetwork() => Assert.Equal(3, OnnxNetwork.Parse("computed", ComputedConstants()).Classes);

    // Two bytes of file for each empty record, which would be an object of hundreds: node, constant, named value; and a field nobody knows.
    [Theory]
    [InlineData(0x0A)]
    [InlineData(0x2A)]
    [InlineData(0x5A)]
    [InlineData(0x72)]
    public void Parse_MillionsOfEmptyRecords_RefusedBeforeTheyAreMade(byte tag)
    {
        byte[] graph = new byte[8 << 20];
        for (int i = 0; i < graph.Length; i += 2)
        {
            graph[i] = tag;
        }

        byte[] file = [0x3A, 0x80, 0x80, 0x80, 0x04, .. graph];
        long before = GC.GetAllocatedBytesForCurrentThread();

        ModelImportException error = Assert.Throws<ModelImportException>(() => OnnxNetwork.Parse("bomb", file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("more than 524288 nodes", error.Message, StringComparison.Ordinal);
    }

    // One byte of file for each integer, which would take eight and, while the list grows, sixteen.
    [Fact]
    public void Parse_MillionsOfPackedIntegers_RefusedBeforeTheyAreMade() =>
        RefusesIntegers([0x3A, .. Length(TooManyIntegers)], new byte[TooManyIntegers]);

    // The same as fields of their own, two bytes each.
    [Fact]
    [Trait("Category", "Long")]
    public void Parse_MillionsOfSingleIntegers_RefusedBeforeTheyAreMade()
    {
        byte[] fields = new byte[2 * TooManyIntegers];
        for (int i = 0; i < fields.Length; i += 2)
        {
            fields[i] = 0x38;
        }

        RefusesIntegers([], fields);
    }

    // Each layer doubles what the one before declared: by the limits, not by memory, it must end.
    [Theory]
    [InlineData("Concat")]
    [InlineData("Pad")]
    public void Parse_SizesThatDoubleWithEveryNode_RefusedWithinBoundedMemory(string doubling)
    {
        ModelWriter writer = new ModelWriter(1, 8, 8).Conv(1, 2, 1);
        for (int i = 0; i < 60; i++)
        {
            writer = doubling == "Concat"
                ? writer.Node("Concat", [writer.Last, writer.Last], ModelWriter.Int("axis", 1))
                : writer.Node("Pad", [writer.Last, writer.Integers(0, 1L << Math.Min(i, 40), 0, 0, 0, 0, 0, 0)]);
        }

        byte[] file = writer.Flatten().Bytes();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ModelImportException>(() => OnnxNetwork.Parse("bomb", file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/dev/zero")]
    public void Parse_ExternalDataAnywhere_RefusedWithoutOpeningIt(string location)
    {
        ModelWriter writer = new ModelWriter(1, 4, 4).Conv(1, 2, 1).Flatten();
        TensorProto tensor = writer.Model.Graph.Initializer[0];
        tensor.FloatData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });

        Assert.Contains("external data", Assert.Throws<ModelImportException>(() => OnnxNetwork.Parse("bomb", writer.Bytes())).Message, StringComparison.Ordinal);
    }

    internal static byte[] ComputedConstants()
    {
        ModelWriter writer = new ModelWriter(2, 3, 4).Conv(2, 2, 1);
        string data = writer.Last;
        string shape = writer.Node("Shape", [data]).Last;
        string batch = writer.Node("Gather", [shape, writer.Integer(0)]).Node("Unsqueeze", [writer.Last, writer.Integers(0)]).Last;
        string height = writer.Node("Slice", [shape, writer.Integers(2), writer.Integers(3)]).Node("Squeeze", [writer.Last]).Last;
        string size = writer.Node("Mul", [height, writer.Integer(8)]).Node("Unsqueeze", [writer.Last, writer.Integers(0)]).Last;
        data = writer.Node("Concat", [batch, size], ModelWriter.Int("axis", 0)).Node("Reshape", [data, writer.Last]).Last;
        string filled = writer.Node("ConstantOfShape", [writer.Integers(24, 3)]).Node("Transpose", [writer.Last]).Last;
        writer.Node("Gemm", [data, filled, writer.Constant([3], 1)], ModelWriter.Int("transB", 1));
        return writer.Bytes();
    }

    // int64_data of one tensor of the graph.
    private static void RefusesIntegers(byte[] head, byte[] values)
    {
        byte[] tensor = [0x2A, .. Length(head.Length + values.Length)];
        byte[] file = [0x3A, .. Length(tensor.Length + head.Length + values.Length), .. tensor, .. head, .. values];
        long before = GC.GetAllocatedBytesForCurrentThread();

        ModelImportException error = Assert.Throws<ModelImportException>(() => OnnxNetwork.Parse("bomb", file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("more than 67108864 integers", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Length(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Length(value >> 7)];

    private void Fuzz(string name, byte[] file, int seed, int files)
    {
        var mutations = new Mutations(file, seed);
        var count = new FuzzCount(MostBytes);
        for (int i = 0; i < files; i++)
        {
            count.Attempt(mutations.Next());
        }

        count.Report(output, $"seed {seed}, {name} ({file.Length} bytes)");
        Assert.NotEqual(0, count.Refused);
        Assert.NotEqual(0, count.Executed);
    }
}
