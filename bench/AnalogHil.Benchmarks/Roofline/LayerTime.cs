using System.Diagnostics;
using AnalogHil.Benchmarks.Peer;
using AnalogHil.Engine;
using AnalogHil.Engine.Execution;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Benchmarks.Roofline;

/// <summary>One step of a network on one image and one thread: the shortest of many passes.</summary>
/// <param name="Node">The product; null for every other step.</param>
/// <param name="Seconds">Clean.</param>
/// <param name="NoisySeconds">With thermal noise.</param>
/// <param name="Bytes">Input, weights and output, each counted once.</param>
internal sealed record LayerTime(AnalogNode? Node, double Seconds, double NoisySeconds, double Bytes)
{
    private const int Passes = 15;

    /// <summary>Floating-point operations, multiply-adds counted as two.</summary>
    public double Operations => 2.0 * (Node?.Macs ?? 0);

    /// <summary>Floating-point operations a byte.</summary>
    public double Intensity => Operations / Bytes;

    public static unsafe LayerTime[] Measure(OnnxNetwork network)
    {
        var plan = new ExecutionPlan(network.Graph);
        var executor = new Executor(plan, 1);
        PreparedNoise? noise = PreparedNoise.Prepare(ReferenceLaws.Create(network, "thermal"), plan.AnalogSteps);
        float[] images = new float[network.InputShape.Size];
        images.AsSpan().Fill(0.5f);
        fixed (float* source = images)
        {
            double[] clean = Shortest(executor, null, source);
            double[] noisy = Shortest(executor, noise, source);
            return [.. plan.Steps.Select((step, i) => new LayerTime(
                (step as ProductStep)?.Node, clean[i], noisy[i],
                sizeof(float) * (step.Source.Inputs.Sum(input => (double)input.Shape.Size) + step.Source.Output.Shape.Size + ((step as ProductStep)?.Node.Weights.Length ?? 0))))];
        }
    }

    private static unsafe double[] Shortest(Executor executor, PreparedNoise? noise, float* images)
    {
        double[] times = new double[executor.Plan.Steps.Count];
        Array.Fill(times, double.PositiveInfinity);
        for (int pass = 0; pass < Passes; pass++)
        {
            ForwardContext context = executor.Enter(executor.First, executor.First.Activations, noise, images, 0, 1);
            for (int step = 0; step < times.Length; step++)
            {
                long start = Stopwatch.GetTimestamp();
                executor.Plan.Steps[step].Forward(context);
                times[step] = Math.Min(times[step], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return times;
    }
}
