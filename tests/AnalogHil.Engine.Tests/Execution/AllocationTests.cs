using AnalogHil.Engine.Tests.Noise;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>Counts what the whole process allocates, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Calls = 6;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Forward_SteadyState_AllocatesNothingForAnImage(int threads, bool noisy)
    {
        // A call may allocate: its noise law's square roots, its tasks. An image may not, however many a call has.
        OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet, new EngineOptions { Threads = threads });
        NoiseInjection? noise = noisy ? Laws.Injection(network, seed: 1) : null;
        float[] logits = new float[400 * 10];
        long Bytes(int images)
        {
            // The runtime allocates now and then beside a call, never less: the least of a few calls is the call's own.
            long least = long.MaxValue;
            for (int i = 0; i < Calls; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                network.Forward(Repository.Test.Pixels, images, logits, noise);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }

        Bytes(400);
        long few = Bytes(16);
        long many = Bytes(400);

        output.WriteLine($"{threads} threads, noisy {noisy}: {few} bytes for a call of 16 images, {many} of 400");
        Assert.InRange(few, 0, noisy ? 20_000 : 2_000);

        // The smallest object has 24 bytes: less than one for each image more is none for an image.
        Assert.InRange(many, 0, few + (400 - 16) * 4);
    }
}
