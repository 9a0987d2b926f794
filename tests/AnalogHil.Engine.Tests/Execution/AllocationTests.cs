using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;
using AnalogHil.Engine.Tests.Text;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>Counts what all threads of the process allocate, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Calls = 200;

    public static TheoryData<string, int, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, string>();
            foreach (string model in new[] { "resnet", "late", "encoder", "shuffled", "depthwise" })
            {
                foreach (string noise in new[] { "clean", "fresh", "blocks", "held" })
                {
                    // One image for three threads is shared out layer by layer, more are shared out as blocks; calls are short, for the test's host allocates
                    // several times a second.
                    int images = model == "late" ? 2 : 7;
                    cases.Add(model, 1, images, noise);
                    cases.Add(model, 2, images, noise);
                    cases.Add(model, 3, 1, noise);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_SteadyState_AllocatesNothingOnAnyThread(string model, int threads, int images, string law)
    {
        var options = new EngineOptions { Threads = threads };
        OnnxNetwork network = model switch
        {
            "resnet" => OnnxNetwork.Load(Repository.Resnet, options),
            "late" => LatePartTests.LargeMapsThenLargeWeights().Load(options),
            "encoder" => Tokens.Encoder().Load(options),
            _ => Networks.Create(model).Load(options),
        };
        float[] examples = model == "encoder" ? Tokens.Examples(images) : ModelWriter.Images(network, images);
        NoiseInjection? noise = law switch
        {
            "clean" => null,
            "fresh" => Laws.Injection(network, seed: 1, blocks: 1),
            "blocks" => Laws.Injection(network, seed: 1, blocks: 3),
            _ => Laws.Held(network, seed: 1),
        };
        noise = noise is null ? null : noise with { Nodes = network.Bind(noise.Nodes) };
        float[] logits = new float[images * network.Classes];

        // The runtime and the test's host allocate beside calls, never less: the least of the calls is a call's own, and one without any is proof enough.
        long least = long.MaxValue;
        for (int i = 0; i < Calls && least > 0; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            network.Forward(examples, images, logits, noise);
            long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = i < 2 ? long.MaxValue : Math.Min(least, bytes);
        }

        output.WriteLine($"{model}, {threads} threads, {images} images, {law}: {least} bytes for a call");
        Assert.Equal(0, least);
    }

    // So that the test above can fail: laws that are not bound are prepared in every call.
    [Fact]
    public void Forward_LawsThatAreNotBound_AllocateInEveryCall()
    {
        OnnxNetwork network = Networks.Create("plain").Load(new EngineOptions { Threads = 1 });
        float[] images = ModelWriter.Images(network, 2);
        float[] logits = new float[2 * network.Classes];
        NoiseInjection noise = Laws.Injection(network, seed: 1);
        network.Forward(images, 2, logits, noise);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        network.Forward(images, 2, logits, noise);

        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before > 100);
    }
}
