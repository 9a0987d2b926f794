using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Threads;
using AnalogHil.Engine.Noise;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>Forward and backward over a batch: logits of all images first, then the loss, then back block by block.</summary>
internal sealed unsafe class GradientPass(Executor executor, IReadOnlyList<AnalogNode> nodes, long tapeBytes)
{
    // Images whose per-channel sums are kept apart at the same time; a few megabytes for the largest networks.
    private const int ImagesAtOnce = 256;

    // With a copy of the weights for each, fewer: 16, or what fits into this many bytes.
    private const int ImagesWithWeights = 16;
    private const long WeightSumBytes = 256 << 20;
    private readonly PinnedBuffer _logits = new();
    private readonly PinnedBuffer _lossGradient = new();
    private readonly List<Frame> _tapes = [];
    private GradientSums? _sums;

    private bool LearnsRanges { get; } = executor.Plan.Graph.Nodes.Any(node => node.Operation is QuantiseOperation { LearnsRange: true });

    public NetworkGradients Run(
        ReadOnlySpan<float> images, int count, LogitGradient loss, PreparedNoise? noise, NoiseLaw[]? sensitivityAt, WantedGradients wanted)
    {
        ExecutionPlan plan = executor.Plan;
        int classes = plan.Graph.Output.Shape.Channels;
        int atOnce = wanted == WantedGradients.Weights ? ImagesOfWeights() : ImagesAtOnce;

        // Image by image where sums are kept for few: a block must not straddle them.
        int block = wanted == WantedGradients.Weights ? 1 : executor.BlockFor(Math.Min(count, ImagesAtOnce), plan.BackwardBlock);
        float* logits = _logits.Reserve((long)count * classes);
        float* gradient = _lossGradient.Reserve((long)count * classes);
        bool keep = count <= ImagesAtOnce && plan.Tape.Total * sizeof(float) * (count + block) <= tapeBytes;
        var contexts = new ForwardContext[keep ? (count + block - 1) / block : 0];
        fixed (float* start = images)
        {
            nint source = (nint)start;
            if (keep)
            {
                while (_tapes.Count < contexts.Length)
                {
                    _tapes.Add(new Frame(plan.Tape));
                }

                executor.Share(count, block, (worker, index) =>
                {
                    contexts[index] = executor.Enter(worker, _tapes[index], noise, (float*)source, index * block, Math.Min(block, count - index * block));
                    executor.Run(contexts[index]);
                    executor.CopyLogits(contexts[index], logits + (nint)index * block * classes);
                });
            }
            else
            {
                executor.Forward(images, count, new Span<float>(logits, count * classes), noise);
            }

            var lossGradient = new Span<float>(gradient, count * classes);
            lossGradient.Clear();
            loss(new ReadOnlySpan<float>(logits, count * classes), count, lossGradient);

            var total = new NetworkGradients([.. nodes.Select(n => new double[n.Channels])], [.. nodes.Select(n => new double[n.Channels])]);
            RangeGradient[]? ranges = LearnsRanges ? new RangeGradient[nodes.Count] : null;
            GradientSums sums = Sums(Math.Min(count, ImagesAtOnce));
            ParameterSums? parameters = wanted == WantedGradients.None ? null : new ParameterSums(plan.AnalogSteps, Math.Min(count, atOnce), wanted == WantedGradients.Weights);
            for (int first = 0; first < count; first += atOnce)
            {
                int part = Math.Min(atOnce, count - first);
                int offset = first;
                sums.Clear(part);
                parameters?.Clear();
                executor.Share(part, block, (worker, index) =>
                {
                    int image = index * block;
                    int size = Math.Min(block, part - image);
                    ForwardContext context;
                    if (keep)
                    {
                        // The forward pass of this block may have run on another thread; working memory is this thread's.
                        context = contexts[offset / block + index].On(worker.Scratch);
                    }
                    else
                    {
                        context = executor.Enter(worker, worker.Tape, noise, (float*)source, offset + image, size);
                        executor.Run(context);
                    }

                    Return(context, worker, sums, parameters, image, sensitivityAt, gradient + (nint)(offset + image) * classes);
                });
                sums.Drain(part, nodes, total.LogEnergy, total.Sensitivity);
                parameters?.Drain(part);
                if (ranges is not null)
                {
                    sums.Drain(part, ranges);
                }
            }

            return total with { Ranges = ranges, Parameters = parameters?.Totals };
        }
    }

    private int ImagesOfWeights() =>
        (int)Math.Clamp(WeightSumBytes / (sizeof(float) * nodes.Sum(node => node.Weights.Length + 1L)), 1, ImagesWithWeights);

    private GradientSums Sums(int images) =>
        _sums is { } sums && sums.Images >= images ? sums : _sums = new GradientSums(nodes, images, LearnsRanges);

    private void Return(
        ForwardContext forward, Worker worker, GradientSums sums, ParameterSums? parameters, int image, NoiseLaw[]? sensitivityAt, float* lossGradient)
    {
        ExecutionPlan plan = executor.Plan;
        worker.Gradients.Prepare(forward.Images);
        var context = new BackwardContext(forward, worker.Gradients, plan.NeedsGradient, sums, sensitivityAt) { SumIndex = image, Parameters = parameters };
        float* target = context.Contribute(plan.Graph.Output, out _);
        RowKernels.Copy(target, lossGradient, forward.Images * plan.Graph.Output.Shape.Channels);
        for (int i = plan.Steps.Count - 1; i >= 0; i--)
        {
            // A value that only leads to what needs no gradient gets none.
            if (context.Needs(plan.Steps[i].Source.Output) && context.Has(plan.Steps[i].Source.Output))
            {
                plan.Steps[i].Backward(context);
            }
        }
    }
}
