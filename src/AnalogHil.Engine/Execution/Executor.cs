using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Execution.Threads;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution;

/// <summary>Runs the steps of a plan over the images of a call.</summary>
internal sealed unsafe class Executor
{
    private readonly GraphInput[] _inputs;
    private readonly int _size;
    private readonly BlockScheduler _scheduler;
    private readonly Worker[] _workers;
    private readonly TeamPass _team;
    private readonly Action<int, int> _runBlock;

    // Of the call being computed: a delegate of its own for every call would be an allocation.
    private float* _images;
    private float* _logits;
    private PreparedNoise? _noise;
    private int _count;
    private int _block;

    public Executor(ExecutionPlan plan, int threads)
    {
        Plan = plan;
        _inputs = [.. plan.Graph.Inputs];
        _size = _inputs.Sum(input => input.Value.Shape.Size);
        var crew = new ThreadCrew(threads);
        _scheduler = new BlockScheduler(crew);
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(plan))];
        _team = new TeamPass(crew, plan.Steps, _workers);
        _runBlock = RunBlock;
    }

    /// <summary>The plan.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>Logits of all images. Allocates nothing once calls of this size have been made.</summary>
    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, PreparedNoise? noise)
    {
        int classes = Plan.Graph.Output.Shape.Channels;
        fixed (float* start = images, target = logits)
        {
            if (UsesTeam(count))
            {
                for (int image = 0; image < count; image++)
                {
                    ForwardContext context = First.Whole;
                    context.Noise = noise;
                    Place(context, start, image, 1);
                    _team.Run(context);
                    CopyLogits(context, target + (nint)image * classes);
                }

                return;
            }

            _images = start;
            _logits = target;
            (_noise, _count) = (noise, count);
            _block = _scheduler.BlockFor(count, Plan.SharedBlock);
            _scheduler.Run(Blocks(count, _block), _runBlock);
        }
    }

    private void RunBlock(int worker, int index)
    {
        int first = index * _block;
        RunBlock(_workers[worker], _noise, _images, first, Math.Min(_block, _count - first), _logits + (nint)first * Plan.Graph.Output.Shape.Channels);
    }

    // Fewer images than threads: all threads work on one image after the other.
    private bool UsesTeam(int count) => count < _scheduler.Threads;

    private void RunBlock(Worker worker, PreparedNoise? noise, float* images, int first, int count, float* logits)
    {
        ForwardContext early = worker.Block;
        early.Noise = noise;
        if (Plan.Late is not { } late)
        {
            Place(early, images, first, count);
            Run(early);
            CopyLogits(early, logits);
            return;
        }

        ForwardContext context = worker.LateBlock;
        context.Noise = noise;
        context.FirstImage = first;
        context.Images = count;
        context.Frame.Prepare(count);
        for (int done = 0; done < count; done += Plan.ForwardBlock)
        {
            Place(early, images, first + done, Math.Min(Plan.ForwardBlock, count - done));
            for (int step = 0; step < late.FirstStep; step++)
            {
                Plan.Steps[step].Forward(early);
            }

            // No foreach over an interface here: its enumerator would be an allocation for every image.
            for (int i = 0; i < late.HandedOver.Count; i++)
            {
                GraphValue value = late.HandedOver[i];
                int size = value.Shape.Size;
                RowKernels.Copy(context.Frame.Value(value.Id) + (nint)done * size, early.Frame.Value(value.Id), early.Images * size);
            }
        }

        for (int step = late.FirstStep; step < Plan.Steps.Count; step++)
        {
            Plan.Steps[step].Forward(context);
        }

        CopyLogits(context, logits);
    }

    /// <summary>What forward passes over <paramref name="batch"/> images hold, and device routes over <paramref name="routeImages"/>.</summary>
    public NetworkMemory Memory(int batch, int routeImages)
    {
        bool team = UsesTeam(batch);
        int block = team ? 1 : _scheduler.BlockFor(batch, Plan.SharedBlock);
        int early = Math.Min(block, Plan.ForwardBlock);
        var need = new ScratchNeed();
        for (int i = 0; i < Plan.Steps.Count; i++)
        {
            Plan.Steps[i].Measure(need, !team && Plan.Late is { } part && i < part.FirstStep ? early : block);
        }

        long fresh = need.Bytes;
        foreach (Step step in Plan.Steps)
        {
            step.MeasureHeld(need);
        }

        int threads = team ? _scheduler.Threads : Math.Min(_scheduler.Threads, Blocks(batch, block));
        return new NetworkMemory(
            batch,
            threads,
            block,
            Plan.Products.Sum(product => sizeof(float) * (product.Operation.Weights.LongLength + product.Operation.Bias.Length)),
            Plan.Products.Sum(product => product.PackedBytes),
            sizeof(float) * (team || Plan.Late is not { } late ? block * Plan.Activations.Total : early * late.Early.Total + block * late.Late.Total),
            fresh,
            team ? 1 : threads)
        {
            HeldNoisePerThread = need.Bytes - fresh,
            DeviceRoute = RoutePass.Bytes(Plan, routeImages),
        };
    }

    /// <summary>Bytes that each thread holds for forward passes at this moment.</summary>
    public long[] HeldBytes => [.. _workers.Select(worker => worker.ForwardBytes)];

    /// <summary>Calls <paramref name="visit"/> (worker, context) before every product of a clean pass.</summary>
    public void Observe(ReadOnlySpan<float> images, int count, Action<AnalogStep, ForwardContext> visit)
    {
        int block = _scheduler.BlockFor(count, Plan.ForwardBlock);
        fixed (float* start = images)
        {
            nint source = (nint)start;
            _scheduler.Run(Blocks(count, block), (worker, index) =>
            {
                Worker own = _workers[worker];
                ForwardContext context = Enter(own, own.Activations, null, (float*)source, index * block, Math.Min(block, count - index * block));
                foreach (Step step in Plan.Steps)
                {
                    if (step is AnalogStep { IsAnalog: true } product)
                    {
                        visit(product, context);
                    }

                    step.Forward(context);
                }
            });
        }
    }

    /// <summary>A context over <paramref name="frame"/> with the block's images in place.</summary>
    public ForwardContext Enter(Worker worker, Frame frame, PreparedNoise? noise, float* images, int first, int count)
    {
        var context = new ForwardContext(frame, worker.Scratch, noise);
        Place(context, images, first, count);
        return context;
    }

    private void Place(ForwardContext context, float* images, int first, int count)
    {
        context.FirstImage = first;
        context.Images = count;
        context.Frame.Prepare(count);
        float* start = images + (nint)first * _size;
        foreach (GraphInput input in _inputs)
        {
            ImageLayout.Place(start, _size, count, input.Value.Shape, context.Frame.Value(input.Value.Id));
            start += input.Value.Shape.Size;
        }
    }

    /// <summary>All steps.</summary>
    public void Run(ForwardContext context)
    {
        for (int step = 0; step < Plan.Steps.Count; step++)
        {
            Plan.Steps[step].Forward(context);
        }
    }

    /// <summary>Copies the block's logits out.</summary>
    public void CopyLogits(ForwardContext context, float* target)
    {
        int count = context.Images * Plan.Graph.Output.Shape.Channels;
        new ReadOnlySpan<float>(context.Frame.Value(Plan.Graph.Output.Id), count).CopyTo(new Span<float>(target, count));
    }

    /// <summary>Calls <paramref name="work"/> (worker, block) for blocks of <paramref name="block"/> images.</summary>
    public void Share(int count, int block, Action<Worker, int> work) => _scheduler.Run(Blocks(count, block), (worker, index) => work(_workers[worker], index));

    /// <summary>Block size for a call.</summary>
    public int BlockFor(int images, int largest) => _scheduler.BlockFor(images, largest);

    /// <summary>The calling thread's worker, for passes that are not shared out.</summary>
    public Worker First => _workers[0];

    private static int Blocks(int count, int block) => (count + block - 1) / block;
}
