using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;

namespace AnalogHil.Engine.Execution.Threads;

/// <summary>What one thread keeps between calls.</summary>
internal sealed class Worker(ExecutionPlan plan)
{
    private readonly Frame? _early = plan.Late is null ? null : new Frame(plan.Late.Early);
    private readonly Frame? _late = plan.Late is null ? null : new Frame(plan.Late.Late);
    private ForwardContext? _whole;
    private ForwardContext? _block;
    private ForwardContext? _lateBlock;

    /// <summary>Bytes held for forward passes.</summary>
    public long ForwardBytes => Scratch.Bytes + Activations.Bytes + (_early?.Bytes ?? 0) + (_late?.Bytes ?? 0);

    /// <summary>Working memory of kernels.</summary>
    public Scratch Scratch { get; } = new();

    /// <summary>Activations of forward passes.</summary>
    public Frame Activations { get; } = new(plan.Activations);

    /// <summary>Activations of backward passes whose forward pass was not kept.</summary>
    public Frame Tape { get; } = new(plan.Tape);

    /// <summary>Gradients.</summary>
    public Frame Gradients { get; } = new(plan.Gradients);

    /// <summary>The context of a block that goes through all steps in one plan; the same object every time.</summary>
    public ForwardContext Whole => _whole ??= new ForwardContext(Activations, Scratch, null);

    /// <summary>The context of a block, or of the early steps where there is a late part; the same object every time.</summary>
    public ForwardContext Block => _block ??= new ForwardContext(_early ?? Activations, Scratch, null);

    /// <summary>The context of the late part.</summary>
    public ForwardContext LateBlock => _lateBlock ??= new ForwardContext(_late!, Scratch, null);
}
