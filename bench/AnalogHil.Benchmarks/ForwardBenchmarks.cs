using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using BenchmarkDotNet.Attributes;

namespace AnalogHil.Benchmarks;

/// <summary>Forward and backward time of the project's models, per image: clean, with noise of each kind, and one step of precision learning.</summary>
[MemoryDiagnoser]
public class ForwardBenchmarks
{
    private const int Images = 256;
    private const int Batch = 32;
    private readonly float[] _logits = new float[Images * 10];
    private OnnxNetwork _network = null!;
    private LabelledImages _images = null!;
    private NoiseInjection _thermal = null!;
    private NoiseInjection _weight = null!;
    private NoiseInjection _shot = null!;

    [Params("fashion-lenet", "fashion-resnet")]
    public string Model { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "AnalogHil.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("run the benchmarks from within the repository");
        }

        _network = OnnxNetwork.Load(Path.Combine(root, "models", Model + ".onnx"), new EngineOptions { Threads = Threads });
        _images = IdxImageSet.Load(Path.Combine(root, "data", "fashion-mnist"), ImageSplit.Test);
        _thermal = Noise(1e-4f, 0, 1);
        _weight = Noise(0, 1e-6f, 1);
        _shot = Noise(0, 1e-6f, 8);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Images)]
    public void Clean() => _network.Forward(_images.Pixels, Images, _logits);

    [Benchmark(OperationsPerInvoke = Images)]
    public void ThermalNoise() => _network.Forward(_images.Pixels, Images, _logits, _thermal);

    [Benchmark(OperationsPerInvoke = Images)]
    public void WeightNoise() => _network.Forward(_images.Pixels, Images, _logits, _weight);

    /// <summary>Shot noise over up to eight row blocks of different slope.</summary>
    [Benchmark(OperationsPerInvoke = Images)]
    public void ShotNoiseOnTiles() => _network.Forward(_images.Pixels, Images, _logits, _shot);

    /// <summary>One step of learning: forward with noise, backward.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public double ForwardAndBackward() =>
        _network.Differentiate(_images.Pixels, Batch, static (logits, _, gradient) => logits.CopyTo(gradient), _weight, null).LogEnergy[0][0];

    private NoiseInjection Noise(float constant, float square, int blocks) => new(
        1,
        [.. _network.AnalogNodes.Select(node =>
        {
            int count = Math.Min(blocks, node.DotLength);
            return new NodeNoise(new ElementVariance(
                [.. Enumerable.Range(0, count + 1).Select(b => b * node.DotLength / count)],
                [.. Enumerable.Repeat(constant, node.Channels)],
                [.. Enumerable.Range(0, count * node.Channels).Select(i => square * (1 + 0.01f * i))],
                new float[node.Channels]));
        })]);
}
