using System.Diagnostics;
using AnalogHil.Engine.Inspection;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>
/// Parses hostile files and keeps count. Anything but a network or a <see cref="ModelImportException"/> with a message, or too much memory, fails.
/// </summary>
/// <param name="mostBytes">Bytes that reading one file may allocate, beside four times its length.</param>
internal sealed class FuzzCount(long mostBytes)
{
    private const int MostInputs = 100_000;
    private const long MostWorkingBytes = 8 << 20;
    private const long MostMacs = 16_000_000;

    public int Files { get; private set; }

    public int Refused { get; private set; }

    public int Executed { get; private set; }

    public long LargestBytes { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public void Attempt(ReadOnlySpan<byte> file)
    {
        Files++;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        OnnxNetwork? network = null;
        try
        {
            Assert.InRange(ModelContents.Of(file).Parameters, 0, long.MaxValue);
            network = OnnxNetwork.Parse("fuzz", file, new EngineOptions { Threads = 1 });
        }
        catch (ModelImportException error)
        {
            Assert.NotEmpty(error.Message);
            Refused++;
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        Slowest = taken > Slowest ? taken : Slowest;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        LargestBytes = Math.Max(LargestBytes, bytes);
        // The file is read twice, once for its contents and once as a network, and a mutation may have made it many times longer.
        Assert.InRange(bytes, 0, mostBytes + 4L * file.Length);
        Execute(network);
    }

    public void Report(ITestOutputHelper output, string what) => output.WriteLine(
        $"{what}: {Files} files, {Refused} refused, {Executed} of the others executed; largest parse {LargestBytes / 1048576.0:f1} MiB, slowest "
            + $"{Slowest.TotalMilliseconds:f0} ms");

    // The kernels use pointers: a network that was accepted must also run, forwards and backwards, within its buffers.
    private void Execute(OnnxNetwork? network)
    {
        if (network is null || network.InputShape.Size > MostInputs || network.AnalogNodes.Sum(node => node.Macs) > MostMacs || network.Memory(1).Total > MostWorkingBytes)
        {
            return;
        }

        Executed++;
        // Zero is a valid token.
        float[] images = network.Inputs.All(input => input.Kind == ElementKind.Real) ? ModelWriter.Images(network, 1) : new float[network.InputShape.Size];
        network.Forward(images, 1, new float[network.Classes]);
        NoiseInjection noise = Noise.Laws.Injection(network, seed: 1, blocks: 2) with
        {
            DifferentiatesDeviation = network.AnalogNodes.All(node => node.Operands != ProductOperands.TwoActivations),
        };
        network.Differentiate(images, 1, (_, _, gradient) => gradient.Fill(1), noise, [.. network.AnalogNodes.Select(node => Noise.Laws.Mixed(node, 2, 1))]);
    }
}
