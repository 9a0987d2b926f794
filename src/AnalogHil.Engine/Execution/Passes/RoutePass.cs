using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>The device route: layer by layer over chunks of images, every product computed by somebody else.</summary>
internal sealed class RoutePass(Executor executor, int maxBatch)
{
    // Of patches, and of products, that one call of the route is given: 64 MiB.
    private const long MostFloats = 16 << 20;
    private readonly PinnedBuffer _patches = new();
    private readonly PinnedBuffer _columns = new();
    private readonly PinnedBuffer _products = new();

    /// <summary>Bytes that a pass over <paramref name="images"/> images holds.</summary>
    public static long Bytes(ExecutionPlan plan, int images)
    {
        long patches = 0;
        long columns = 0;
        long products = 0;
        foreach (AnalogStep step in plan.AnalogSteps)
        {
            AnalogNode node = step.Node;
            bool pair = node.Operands == ProductOperands.TwoActivations;
            long rows = pair ? node.Positions : Math.Min(RowsAtOnce(node), (long)images * node.Positions);
            patches = Math.Max(patches, rows * node.DotLength);
            columns = Math.Max(columns, pair ? (long)node.GroupChannels * node.DotLength : 0);
            products = Math.Max(products, rows * node.GroupChannels);
        }

        return sizeof(float) * (images * plan.Activations.Total + patches + columns + products);
    }

    public async ValueTask RunAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken)
    {
        ExecutionPlan plan = executor.Plan;
        for (int first = 0; first < count; first += maxBatch)
        {
            ForwardContext context = Enter(images, first, Math.Min(maxBatch, count - first));
            foreach (Step step in plan.Steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step is ActivationProductStep { IsAnalog: true } pair && route.CanMultiply(pair.Node))
                {
                    await MultiplyAsync(pair, context, route, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (step is not ProductStep product)
                {
                    step.Forward(context);
                    continue;
                }

                if (!route.CanMultiply(product.Node))
                {
                    throw new NotSupportedException(
                        $"node '{product.Node.Name}': the route cannot multiply by weights; a route that leaves such products to the engine is none");
                }

                await MultiplyAsync(product, context, route, cancellationToken).ConfigureAwait(false);
                product.Finish(context);
            }

            CopyLogits(context, logits, first);
        }
    }

    private async ValueTask MultiplyAsync(ProductStep step, ForwardContext context, IProductRoute route, CancellationToken cancellationToken)
    {
        AnalogNode node = step.Node;
        int rows = context.Images * node.Positions;
        int most = RowsAtOnce(node);
        for (int group = 0; group < node.Groups; group++)
        {
            for (int first = 0; first < rows; first += most)
            {
                int count = Math.Min(most, rows - first);
                Memory<float> patches = Gather(step, context, group, first, count);
                Memory<float> products = Reserve(checked(count * node.GroupChannels));
                await route.MultiplyAsync(node, group, patches, count, products, cancellationToken).ConfigureAwait(false);
                Scatter(step, context, group, first, count);
            }
        }
    }

    // Whole images where one fits.
    private static int RowsAtOnce(AnalogNode node)
    {
        long rows = Math.Max(1, MostFloats / Math.Max(node.DotLength, node.GroupChannels));
        return (int)Math.Min(int.MaxValue, rows > node.Positions ? rows / node.Positions * node.Positions : rows);
    }

    private async ValueTask MultiplyAsync(ActivationProductStep step, ForwardContext context, IProductRoute route, CancellationToken cancellationToken)
    {
        AnalogNode node = step.Node;
        for (int block = 0; block < context.Images * node.Groups; block++)
        {
            (Memory<float> rows, Memory<float> columns) = GatherOperands(step, context, block);
            Memory<float> products = Reserve(node.Positions * node.GroupChannels);
            await route.MultiplyActivationsAsync(node, block % node.Groups, rows, columns, products, cancellationToken).ConfigureAwait(false);
            ScatterHead(step, context, block);
        }
    }

    private unsafe (Memory<float> Rows, Memory<float> Columns) GatherOperands(ActivationProductStep step, ForwardContext context, int block)
    {
        int rows = checked(step.Node.Positions * step.Node.DotLength);
        int columns = checked(step.Node.GroupChannels * step.Node.DotLength);
        step.Gather(context, block, _patches.Reserve(rows), _columns.Reserve(columns));
        return (_patches.Memory[..rows], _columns.Memory[..columns]);
    }

    private unsafe void ScatterHead(ActivationProductStep step, ForwardContext context, int block) => step.Scatter(context, block, _products.Reserve(0));

    private unsafe ForwardContext Enter(ReadOnlyMemory<float> images, int first, int count)
    {
        fixed (float* source = images.Span)
        {
            return executor.Enter(executor.First, executor.First.Activations, null, source, first, count);
        }
    }

    private unsafe Memory<float> Gather(ProductStep product, ForwardContext context, int group, int firstRow, int rows)
    {
        int count = checked(rows * product.Node.DotLength);
        product.Gather(context, group, firstRow, rows, _patches.Reserve(count));
        return _patches.Memory[..count];
    }

    private unsafe Memory<float> Reserve(int count)
    {
        // What a route leaves unwritten must not look like a product: not-a-number travels to the logits and is seen.
        new Span<float>(_products.Reserve(count), count).Fill(float.NaN);
        return _products.Memory[..count];
    }

    private unsafe void Scatter(ProductStep product, ForwardContext context, int group, int firstRow, int rows) =>
        product.Scatter(context, group, firstRow, rows, _products.Reserve(0));

    private unsafe void CopyLogits(ForwardContext context, Memory<float> logits, int first)
    {
        fixed (float* target = logits.Span)
        {
            executor.CopyLogits(context, target + (nint)first * executor.Plan.Graph.Output.Shape.Channels);
        }
    }
}
