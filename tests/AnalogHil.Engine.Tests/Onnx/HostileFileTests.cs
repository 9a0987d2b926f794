using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Whatever the bytes are: a network or a <see cref="ModelImportException"/>, and bounded memory.</summary>
public sealed class HostileFileTests(ITestOutputHelper output)
{
    private const long MostBytes = 64L << 20;

    public static TheoryData<string> Names => [.. Networks.Names.Where(name => name != "wide")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_MutatedFile_FailsCleanly(string name) => Fuzz(Networks.Create(name).Bytes(), seed: 1, mutations: 700);

    [Fact]
    public void Parse_MutatedRealModel_FailsCleanly() => Fuzz(File.ReadAllBytes(Repository.Lenet), seed: 2, mutations: 100);

    [Fact]
    public void Parse_MutatedComputedConstants_FailsCleanly()
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

        Assert.Equal(3, writer.Load().Classes);
        Fuzz(writer.Bytes(), seed: 4, mutations: 1500);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Parse_ManyMutatedFiles_FailsCleanly()
    {
        foreach (string name in Networks.Names)
        {
            Fuzz(Networks.Create(name).Bytes(), seed: 3, mutations: 20_000);
        }
    }

    [Fact]
    public void Parse_EveryTruncation_FailsCleanly()
    {
        byte[] file = new ModelWriter(2, 6, 6).Conv(2, 3, 3).Relu().Flatten().Gemm(48, 2).Bytes();
        for (int length = 0; length < file.Length; length++)
        {
            Attempt(file.AsSpan(0, length));
        }
    }

    private void Fuzz(byte[] file, int seed, int mutations)
    {
        output.WriteLine($"seed {seed}, {mutations} mutations of {file.Length} bytes");
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < mutations; i++)
        {
            refused += Attempt(Mutate(file, random)) ? 0 : 1;
        }

        output.WriteLine($"{refused} refused");
        Assert.NotEqual(0, refused);
    }

    private static bool Attempt(ReadOnlySpan<byte> file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxNetwork? network = null;
        try
        {
            network = OnnxNetwork.Parse("mutant", file, new EngineOptions { Threads = 1 });
        }
        catch (ModelImportException error)
        {
            Assert.NotEmpty(error.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Execute(network);
        return network is not null;
    }

    // The kernels use pointers: a network that was accepted must also run, forwards and backwards, within its buffers.
    private static void Execute(OnnxNetwork? network)
    {
        if (network is null || network.InputShape.Size > 100_000 || network.AnalogNodes.Sum(node => node.Macs) > 1_000_000)
        {
            return;
        }

        float[] images = ModelWriter.Images(network, 1);
        network.Forward(images, 1, new float[network.Classes]);
        network.Differentiate(images, 1, (_, _, gradient) => gradient.Fill(1), null, [.. network.AnalogNodes.Select(node => Noise.Laws.Mixed(node, 2, 1))]);
    }

    // Structure sits in short runs between the weights, so most changes go to the first and last part of the file and to small bytes.
    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutant = [.. file];
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes && mutant.Length > 0; i++)
        {
            int at = random.Next(3) == 0 ? random.Next(mutant.Length) : random.Next(Math.Min(mutant.Length, 2000));
            int size = Math.Min(1 + random.Next(8), mutant.Length - at);
            mutant = random.Next(7) switch
            {
                0 => [.. mutant[..at], (byte)(mutant[at] ^ (1 << random.Next(8))), .. mutant[(at + 1)..]],
                1 => [.. mutant[..at], (byte)random.Next(256), .. mutant[(at + 1)..]],
                2 => [.. mutant[..at], .. mutant[(at + size)..]],
                3 => [.. mutant[..at], .. mutant[at..(at + size)], .. mutant[at..]],
                4 => [.. mutant[..at], 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. mutant[(at + 1)..]],
                5 => mutant[..at],
                _ => [.. mutant[..at], (byte)(mutant[at] + 1), .. mutant[(at + 1)..]],
            };
        }

        return mutant;
    }
}
