using AnalogHil.Core.Noise;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Steps;

/// <summary>A step whose product may run on the analog device.</summary>
internal abstract unsafe class AnalogStep(GraphNode source) : Step(source)
{
    /// <summary>How others see it.</summary>
    public abstract AnalogNode Node { get; }

    /// <summary>Whether the product runs on the device; else it is clean wherever it is computed.</summary>
    public virtual bool IsAnalog => true;

    /// <summary>Checks a noise law against the product and makes it ready.</summary>
    /// <exception cref="ArgumentException">The law does not fit the product.</exception>
    public abstract NoiseLaw Prepare(ElementVariance variance);

    /// <summary>The product alone, bias left out, into the step's output.</summary>
    public abstract void Multiply(ForwardContext context);

    /// <summary>Adds the noise of <paramref name="noise"/> to a product of the whole block, in the order of the step's output.</summary>
    public abstract void AddNoise(ForwardContext context, PreparedNoise noise, float* products);

    /// <summary>Adds what is digital behind the product in the step's output.</summary>
    public abstract void Finish(ForwardContext context);

    /// <summary>Range of what enters the product over the block.</summary>
    public abstract InputRange Range(ForwardContext context);

    /// <summary>Shows the first operand over the block.</summary>
    public void ShowInput(ForwardContext context, NodeInputObserver observer) =>
        observer(Node, context.Images, new ReadOnlySpan<float>(context.Frame.Value(Input.Id), context.Images * Input.Shape.Size));
}
