namespace AnalogHil.Engine.Execution;

/// <summary>What one thread keeps between calls.</summary>
internal sealed class Worker(ExecutionPlan plan)
{
    /// <summary>Bytes held for forward passes.</summary>
    public long ForwardBytes => Scratch.Bytes + Activations.Bytes;

    /// <summary>Working memory of kernels.</summary>
    public Scratch Scratch { get; } = new();

    /// <summary>Activations of forward passes.</summary>
    public Frame Activations { get; } = new(plan.Activations);

    /// <summary>Activations of backward passes whose forward pass was not kept.</summary>
    public Frame Tape { get; } = new(plan.Tape);

    /// <summary>Gradients.</summary>
    public Frame Gradients { get; } = new(plan.Gradients);
}
