using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Execution;

/// <summary>A lowered graph made executable: steps in order, and where their values live.</summary>
internal sealed class ExecutionPlan
{
    // Half of a second-level cache of 1 MiB: a block of images should pass from step to step without leaving it.
    private const long BlockBytes = 512 << 10;
    private const int LargestBlock = 8;

    public ExecutionPlan(NetworkGraph graph)
    {
        Graph = graph;
        Steps = [.. graph.Nodes.Select(Step.Create)];
        Products = [.. Steps.OfType<ProductStep>().OrderBy(step => step.Node.Index)];
        AnalogSteps = [.. Steps.OfType<AnalogStep>().Where(step => step.IsAnalog).OrderBy(step => step.Node.Index)];
        if (Products.Count == 0)
        {
            throw new ModelImportException("the network has no convolution or fully connected layer, so nothing of it can run on an analog device");
        }

        NeedsGradient = FindGradients(graph);
        ValueLifetime[] lifetimes = FindLifetimes(graph);
        int last = graph.Nodes.Count;
        Activations = BufferPlan.Share(graph.ValueCount, lifetimes);
        Tape = BufferPlan.Share(graph.ValueCount, lifetimes.Select(life => life with { First = 0, Last = last }));
        Gradients = BufferPlan.Share(graph.ValueCount, lifetimes.Where(life => NeedsGradient[life.Value.Id]));
        ForwardBlock = (int)Math.Clamp(BlockBytes / (sizeof(float) * Activations.Total), 1, LargestBlock);
        Late = ForwardBlock < LargestBlock ? LatePart.Find(graph, lifetimes, LargestBlock) : null;
        BackwardBlock = (int)Math.Clamp(BlockBytes / (sizeof(float) * (Tape.Total + Gradients.Total)), 1, LargestBlock);
    }

    /// <summary>The lowered graph.</summary>
    public NetworkGraph Graph { get; }

    /// <summary>In order of execution.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The products with weights, in order.</summary>
    public IReadOnlyList<ProductStep> Products { get; }

    /// <summary>Everything that runs on the device, by index: products with weights and analog products of two activations.</summary>
    public IReadOnlyList<AnalogStep> AnalogSteps { get; }

    /// <summary>Values whose gradient is wanted: an analog product lies before them.</summary>
    public bool[] NeedsGradient { get; }

    /// <summary>Activations of a forward pass.</summary>
    public BufferPlan Activations { get; }

    /// <summary>Activations that must outlive the forward pass: none share memory.</summary>
    public BufferPlan Tape { get; }

    /// <summary>Gradients of a backward pass; alive exactly when the value is, in reverse.</summary>
    public BufferPlan Gradients { get; }

    /// <summary>Images that one thread takes at a time: <see cref="ForwardBlock"/>, or more where the network has a late part.</summary>
    public int SharedBlock => Late is null ? ForwardBlock : LargestBlock;

    /// <summary>The last steps, which more images pass together; null where all pass in one block.</summary>
    public LatePart? Late { get; }

    /// <summary>Images that go forward together.</summary>
    public int ForwardBlock { get; }

    /// <summary>Images that go backward together.</summary>
    public int BackwardBlock { get; }

    private static bool[] FindGradients(NetworkGraph graph)
    {
        bool[] needed = new bool[graph.ValueCount];
        foreach (GraphNode node in graph.Nodes)
        {
            needed[node.Output.Id] = node.Operation is ProductOperation or ActivationProductOperation { IsAnalog: true } or QuantiseOperation { LearnsRange: true } || node.Inputs.Any(input => needed[input.Id]);
        }

        return needed;
    }

    private static ValueLifetime[] FindLifetimes(NetworkGraph graph)
    {
        Dictionary<int, ValueLifetime> lives = graph.Inputs.ToDictionary(input => input.Value.Id, input => new ValueLifetime(input.Value, -1, -1));
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            GraphNode node = graph.Nodes[step];
            foreach (GraphValue input in node.Inputs)
            {
                lives[input.Id] = lives[input.Id] with { Last = step };
            }

            lives[node.Output.Id] = new ValueLifetime(node.Output, step, step);
        }

        lives[graph.Output.Id] = lives[graph.Output.Id] with { Last = graph.Nodes.Count };
        return [.. lives.Values];
    }
}
