using AnalogHil.Engine.Tests.Models;
using AnalogHil.Engine.Tests.Onnx.Hostile;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>The long run over hostile files. It runs alone, so that the memory it leaves behind can be told.</summary>
[Collection(nameof(RunsAlone))]
public sealed class ManyHostileFilesTests(ITestOutputHelper output)
{
    private const int Least = 100_000;
    private const long MostBytes = 64L << 20;
    // Measured 30 MiB, pooled arrays of the mutations themselves. A kilobyte kept of every file would be 110 MiB.
    private const long MostLeft = 64L << 20;

    // The weights of a structure model are declared, not stored: the file asks for them, a factor thousand above its own size.
    private const long MostBytesOfStructure = 256L << 20;

    [Fact]
    [Trait("Category", "Long")]
    public void Parse_HundredThousandMutatedFiles_FailsCleanlyAndKeepsNothing()
    {
        // What other tests keep for good is there before the count begins.
        _ = Repository.Test;
        long before = InUse();
        int files = 0;
        foreach (string name in Networks.Names)
        {
            files += Fuzz(name, Networks.Create(name).Bytes(), MostBytes, 10_000);
        }

        files += Fuzz("computed constants", HostileFileTests.ComputedConstants(), MostBytes, 10_000);
        files += Fuzz("fashion-lenet", File.ReadAllBytes(Repository.Lenet), MostBytes, 1000);
        files += Fuzz("fashion-resnet", File.ReadAllBytes(Repository.Resnet), MostBytes, 1000);

        long left = InUse() - before;
        output.WriteLine($"{files} files; {left / 1048576.0:f1} MiB more in use than before");
        Assert.InRange(files, Least, int.MaxValue);
        Assert.InRange(left, long.MinValue, MostLeft);
    }

    [SharedDataTheory]
    [Trait("Category", "Long")]
    [InlineData("mobilenet_v2")]
    [InlineData("shufflenet_v2_x1_0")]
    [InlineData("googlenet")]
    public void Parse_MutatedStructureModel_FailsCleanly(string model) =>
        Fuzz(model, File.ReadAllBytes(Path.Combine(SharedData.Root, "models", "structure", model + "_structure.onnx")), MostBytesOfStructure, 500);

    [SharedDataTheory]
    [Trait("Category", "Long")]
    [InlineData("sst2-bert-mini")]
    public void Parse_MutatedTextModel_FailsCleanly(string model) =>
        Fuzz(model, File.ReadAllBytes(Path.Combine(SharedData.Root, "sst2", model + ".onnx")), MostBytesOfStructure, 300);

    private static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private int Fuzz(string name, byte[] file, long mostBytes, int files)
    {
        const int Seed = 3;
        var mutations = new Mutations(file, Seed);
        var count = new FuzzCount(mostBytes);
        for (int i = 0; i < files; i++)
        {
            count.Attempt(mutations.Next());
        }

        count.Report(output, $"seed {Seed}, {name} ({file.Length} bytes)");
        Assert.NotEqual(0, count.Refused);
        return count.Files;
    }
}
