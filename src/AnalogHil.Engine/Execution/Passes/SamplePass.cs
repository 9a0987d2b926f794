using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>A clean pass, layer by layer over all images, that shows each product with and without noise.</summary>
internal sealed unsafe class SamplePass(Executor executor)
{
    private readonly PinnedBuffer _noisy = new();

    public void Run(ReadOnlySpan<float> images, int count, PreparedNoise noise, NodeSampler sampler)
    {
        long most = int.MaxValue / executor.Plan.Activations.Total;
        if (count > most)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count,
                $"at most {most} images of this network can be sampled in one call; sample fewer at a time");
        }

        fixed (float* source = images)
        {
            ForwardContext context = executor.Enter(executor.First, executor.First.Activations, null, source, 0, count);
            foreach (Step step in executor.Plan.Steps)
            {
                if (step is not AnalogStep { IsAnalog: true } product)
                {
                    step.Forward(context);
                    continue;
                }

                int elements = checked(count * product.Node.Positions * product.Node.Channels);
                product.Multiply(context);
                float* clean = context.Frame.Value(product.Source.Output.Id);
                float* noisy = _noisy.Reserve(elements);
                RowKernels.Copy(noisy, clean, elements);
                product.AddNoise(context, noise, noisy);
                sampler(product.Node, new ReadOnlySpan<float>(clean, elements), new ReadOnlySpan<float>(noisy, elements));
                product.Finish(context);
            }
        }
    }
}
