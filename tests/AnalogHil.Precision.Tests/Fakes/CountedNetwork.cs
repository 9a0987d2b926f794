using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Tests.Fakes;

/// <summary>A network of one product and two classes that gets just as many images wrong under noise as it is told, the first ones; none without noise.</summary>
/// <param name="images">Images of the set.</param>
/// <param name="wrong">Images it gets wrong at an energy in a draw, the draws numbered as they are first seen.</param>
internal sealed class CountedNetwork(int images, Func<double, int, int> wrong) : INetwork, INoiseModel
{
    private readonly List<ulong> _draws = [];
    private int _wrong;

    public string Name => "counted";

    public ImageShape InputShape => new(1, 1, 1);

    public int Classes => 2;

    public IReadOnlyList<AnalogNode> AnalogNodes { get; } =
    [
        new AnalogNode { Index = 0, Name = "fc", Operator = "Gemm", DotLength = 1, Channels = 2, Groups = 1, Positions = 1, Weights = new float[2] },
    ];

    public int Layers => 1;

    public double LeastEnergy => 1e-6;

    public LabelledImages Images() => new("counted", InputShape, new float[images], new int[images]);

    /// <summary>Carries E in the place of a variance.</summary>
    public NodeNoise[] At(IReadOnlyList<double[]> energy) =>
        [new NodeNoise(new ElementVariance([0, 1], [(float)energy[0][0], 0], [0, 0], [0, 0]))];

    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy) => throw new NotSupportedException();

    public double[][] Ones() => [[1]];

    public void Forward(ReadOnlySpan<float> pixels, int count, Span<float> logits, NoiseInjection? noise = null)
    {
        if (noise is not null && noise.FirstImage == 0)
        {
            if (!_draws.Contains(noise.Seed))
            {
                _draws.Add(noise.Seed);
            }

            _wrong = wrong(noise.Nodes[0]!.Variance.Constant[0], _draws.IndexOf(noise.Seed));
        }

        for (int i = 0; i < count; i++)
        {
            bool right = noise is null || noise.FirstImage + i >= _wrong;
            (logits[2 * i], logits[2 * i + 1]) = right ? (1f, 0f) : (0f, 1f);
        }
    }

    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> pixels, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken) => throw new NotSupportedException();

    public NetworkGradients Differentiate(
        ReadOnlySpan<float> pixels, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt) => throw new NotSupportedException();

    public void SampleNodes(ReadOnlySpan<float> pixels, int count, NoiseInjection noise, NodeSampler sampler) => throw new NotSupportedException();

    public InputRange[] ObserveRanges(ReadOnlySpan<float> pixels, int count) => throw new NotSupportedException();
}
