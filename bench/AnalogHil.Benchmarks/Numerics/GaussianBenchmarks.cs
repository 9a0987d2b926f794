using System.Runtime.Intrinsics;
using AnalogHil.Core.Numerics;
using BenchmarkDotNet.Attributes;

namespace AnalogHil.Benchmarks.Numerics;

/// <summary>Gaussian numbers on one thread against what a plain loop over System.Random gives.</summary>
public unsafe class GaussianBenchmarks
{
    private readonly GaussianKey _key = GaussianKey.Derive(1);
    private readonly Random _random = new(1);
    private float[] _values = [];
    private float[] _deviations = [];

    [ParamsSource(nameof(Counts))]
    public NumberCount Count { get; set; } = new(0);

    public static IEnumerable<NumberCount> Counts => [new(16), new(256), new(16384)];

    [GlobalSetup]
    public void Setup()
    {
        _values = new float[Count.Length];
        _deviations = new float[Count.Length];
        _deviations.AsSpan().Fill(1E-3f);
    }

    [Benchmark(Baseline = true, Description = "System.Random, Box-Muller")]
    public void Scalar()
    {
        for (int i = 0; i < _values.Length; i += 2)
        {
            float radius = MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle()));
            (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * _random.NextSingle());
            _values[i] = radius * cosine;
            _values[i + 1] = radius * sine;
        }
    }

    [Benchmark]
    public void Fill() => GaussianGenerator.Fill(_key, 0, _values);

    [Benchmark(Description = "AddScaled, one sigma")]
    public void AddScaled() => GaussianGenerator.AddScaled(_key, 0, 1E-3f, _values);

    [Benchmark(Description = "AddScaled, sigma each")]
    public void AddScaledEach() => GaussianGenerator.AddScaled(_key, 0, _deviations, _values);

    [Benchmark(Description = "Fill with 8 lanes")]
    public void EightLanes()
    {
        fixed (float* target = _values)
        {
            int done = GaussianKernel<Lanes256, Vector256<uint>>.Draw(_key.Value, 0, _values.Length / 16, target);
            GaussianKernel<Lanes128, Vector128<uint>>.Draw(_key.Value, (ulong)done, _values.Length / 16 - done, target + done * 16);
        }
    }

    [Benchmark(Description = "Fill with 4 lanes")]
    public void FourLanes()
    {
        fixed (float* target = _values)
        {
            GaussianKernel<Lanes128, Vector128<uint>>.Draw(_key.Value, 0, _values.Length / 16, target);
        }
    }
}
