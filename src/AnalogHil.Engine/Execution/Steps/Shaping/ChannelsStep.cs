using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="ChannelsOperation"/>, copying runs of neighbouring channels together.</summary>
internal sealed unsafe class ChannelsStep(GraphNode node, ChannelsOperation operation) : Step(node)
{
    private readonly (int Target, int Source, int Length)[] _runs = [.. Runs(operation.Source)];
    private readonly bool _fills = Array.Exists(operation.Source, channel => channel < 0);

    public override void Forward(ForwardContext context)
    {
        int pixels = context.Images * Output.Shape.Height * Output.Shape.Width;
        float* source = context.Frame.Value(Input.Id);
        float* target = context.Frame.Value(Output.Id);
        if (_fills)
        {
            new Span<float>(target, pixels * Output.Shape.Channels).Fill(operation.Fill);
        }

        for (int p = 0; p < pixels; p++, source += Input.Shape.Channels, target += Output.Shape.Channels)
        {
            foreach ((int to, int from, int length) in _runs)
            {
                RowKernels.Copy(target + to, source + from, length);
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        int pixels = context.Forward.Images * Output.Shape.Height * Output.Shape.Width;
        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        if (!accumulate)
        {
            // A channel that is picked never or twice needs a sum to start from.
            new Span<float>(target, pixels * Input.Shape.Channels).Clear();
        }

        for (int p = 0; p < pixels; p++, target += Input.Shape.Channels, gradient += Output.Shape.Channels)
        {
            foreach ((int to, int from, int length) in _runs)
            {
                RowKernels.Add(target + from, gradient + to, length);
            }
        }
    }

    private static IEnumerable<(int Target, int Source, int Length)> Runs(int[] source)
    {
        for (int start = 0, end; start < source.Length; start = end)
        {
            end = start + 1;
            while (end < source.Length && source[start] >= 0 && source[end] == source[start] + end - start)
            {
                end++;
            }

            if (source[start] >= 0)
            {
                yield return (start, source[start], end - start);
            }
        }
    }
}
