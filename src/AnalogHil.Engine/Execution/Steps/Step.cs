using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Execution.Steps.Arithmetic;
using AnalogHil.Engine.Execution.Steps.Reductions;
using AnalogHil.Engine.Execution.Steps.Shaping;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Graph.Operations.Reductions;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Execution.Steps;

/// <summary>One node of the lowered graph, executable on a block of images.</summary>
internal abstract class Step(GraphNode source)
{
    /// <summary>The node it executes.</summary>
    public GraphNode Source { get; } = source;

    /// <summary>First input.</summary>
    protected GraphValue Input => Source.Inputs[0];

    /// <summary>Output.</summary>
    protected GraphValue Output => Source.Output;

    /// <summary>Computes the output of the block.</summary>
    public abstract void Forward(ForwardContext context);

    /// <summary>Turns dL / d output, which it may overwrite, into contributions to dL / d inputs.</summary>
    public abstract void Backward(BackwardContext context);

    /// <summary>Parts of the block that several threads can compute at the same time; 1 where it is not worth while.</summary>
    public virtual int Parts(ForwardContext context, int threads) => 1;

    /// <summary>What comes before the parts, on one thread.</summary>
    public virtual void Prepare(ForwardContext context)
    {
    }

    /// <summary>Computes one of <see cref="Parts"/> parts; the block's own working memory is only read.</summary>
    public virtual void ForwardPart(ForwardContext context, int part, int threads, Scratch scratch) => Forward(context);

    /// <summary>
    /// Notes the working memory that <see cref="Forward"/> needs for a block of <paramref name="images"/> images; nothing where it needs none.
    /// </summary>
    public virtual void Measure(ScratchNeed need, int images)
    {
    }

    /// <summary>Notes what noise that is held over an inference needs on top.</summary>
    public virtual void MeasureHeld(ScratchNeed need)
    {
    }

    /// <summary>The step for a node.</summary>
    public static Step Create(GraphNode node) => node.Operation switch
    {
        ProductOperation product => new ProductStep(node, product),
        AddOperation add => new AddStep(node, add),
        ClampOperation clamp => new ClampStep(node, clamp),
        AffineOperation affine => new AffineStep(node, affine),
        PoolOperation { Kind: PoolKind.Maximum } pool => new MaxPoolStep(node, pool),
        PoolOperation pool => new MeanPoolStep(node, pool),
        FlattenOperation => new FlattenStep(node),
        ActivationProductOperation product => new ActivationProductStep(node, product),
        BroadcastOperation broadcast => new BroadcastStep(node, broadcast),
        ConcatOperation => new ConcatStep(node),
        ConstantOperation constant => new ConstantStep(node, constant),
        EmbeddingOperation embedding => new EmbeddingStep(node, embedding),
        JoinOperation join => new JoinStep(node, join),
        LayerNormOperation norm => new LayerNormStep(node, norm),
        MeanOperation mean => new MeanStep(node, mean),
        PermuteOperation permute => new PermuteStep(node, permute),
        PickOperation pick => new PickStep(node, pick),
        ChannelsOperation channels => new ChannelsStep(node, channels),
        CurveOperation curve => new CurveStep(node, curve),
        MultiplyOperation => new MultiplyStep(node),
        SoftmaxOperation => new SoftmaxStep(node),
        PadOperation pad => new PadStep(node, pad),
        QuantiseOperation quantise => new QuantiseStep(node, quantise),
        _ => throw new InvalidOperationException($"node '{node.Name}': no step executes {node.Operation.GetType().Name}"),
    };
}
