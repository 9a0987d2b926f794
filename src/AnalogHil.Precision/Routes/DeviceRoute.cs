using System.Runtime.CompilerServices;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Routes;

/// <summary>
/// Computes a network's analog products on a device: inputs to full scale, signs in two passes where the device takes no negative inputs,
/// row blocks added digitally, measured gains and offsets taken out; products of two activations too where the device multiplies them.
/// </summary>
/// <remarks>One call at a time. Buffers are kept between calls.</remarks>
public sealed class DeviceRoute : IProductRoute
{
    // Input values in one call at most: enough to keep a device busy, and buffers stay at some megabytes whatever the device would take.
    private const int MaxInputs = 1 << 21;

    private readonly NetworkOnDevice _network;
    private readonly IAnalogDevice _device;
    private readonly int _retriesPerCall;
    private readonly BlockReadout[][] _blocks;
    private readonly float[] _inputs;
    private readonly float[] _outputs;
    private readonly float[] _operand;
    private readonly int _maxVectors;
    private long _reads;
    private long _saturated;
    private long _driven;
    private long _clipped;
    private long _retries;
    private TimeSpan _deviceTime;

    /// <summary>Binds a laid-out network to the device on which it is programmed.</summary>
    /// <param name="network">The layout; its programs must be on the device.</param>
    /// <param name="device">An armed device.</param>
    /// <param name="correction">Measured gain and offset of every column.</param>
    /// <param name="retriesPerCall">Times that a read is repeated after a transient failure before giving up.</param>
    public DeviceRoute(NetworkOnDevice network, IAnalogDevice device, ReadoutCorrection correction, int retriesPerCall = 3)
    {
        _network = network;
        _device = device;
        _retriesPerCall = retriesPerCall;
        _blocks = new BlockReadout[network.Nodes.Length][];
        int rows = 0;
        int columns = 0;
        int operand = 0;
        for (int layer = 0; layer < _blocks.Length; layer++)
        {
            LayerScale scale = network.Scales[layer];
            int groupChannels = network.Nodes[layer].GroupChannels;
            _blocks[layer] =
            [
                .. network.Map.Layers[layer].Blocks
                    .OrderBy(block => block.Group).ThenBy(block => block.FirstRow).ThenBy(block => block.FirstChannel)
                    .Select(block => new BlockReadout(block, scale, correction, groupChannels)),
            ];
            foreach (MappedBlock block in network.Map.Layers[layer].Blocks)
            {
                rows = Math.Max(rows, block.Rows);
                columns = Math.Max(columns, block.Columns);
                operand = scale.IsActivationProduct ? Math.Max(operand, block.Rows * block.Columns) : operand;
            }
        }

        _maxVectors = Math.Min(network.Capabilities.MaxVectors, Math.Max(1, MaxInputs / rows));
        _inputs = new float[_maxVectors * rows];
        _outputs = new float[_maxVectors * columns];
        _operand = new float[operand];
    }

    /// <summary>What went over this route so far.</summary>
    public DeviceRouteCounters Counters => new(_reads, _saturated, _driven, _clipped, _retries, _deviceTime);

    /// <inheritdoc/>
    public bool CanMultiply(AnalogNode node) =>
        node.Operands == ProductOperands.Weights || _network.Capabilities.MultipliesActivations;

    /// <inheritdoc/>
    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken) =>
        MultiplyAsync(node, group, patches, count, default, products, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The second operand goes with every call of a block and multiplies in the place of its weights, tile by tile.</remarks>
    public ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken) =>
        MultiplyAsync(node, group, rows, node.Positions, columns, products, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask MultiplyAsync(
        AnalogNode node,
        int group,
        ReadOnlyMemory<float> patches,
        int count,
        ReadOnlyMemory<float> second,
        Memory<float> products,
        CancellationToken cancellationToken)
    {
        int length = node.DotLength;
        int channels = node.GroupChannels;
        for (int first = 0; first < count; first += _maxVectors)
        {
            int vectors = Math.Min(_maxVectors, count - first);
            ReadOnlyMemory<float> batch = patches.Slice(first * length, vectors * length);
            Memory<float> target = products.Slice(first * channels, vectors * channels);
            target.Span.Clear();
            int passes = _network.Scales[node.Index].Passes;
            for (int pass = 0; pass < passes; pass++)
            {
                await DriveAsync(node, group, batch, vectors, second, target, pass, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DriveAsync(
        AnalogNode node,
        int group,
        ReadOnlyMemory<float> patches,
        int vectors,
        ReadOnlyMemory<float> second,
        Memory<float> products,
        int pass,
        CancellationToken cancellationToken)
    {
        LayerScale scale = _network.Scales[node.Index];
        float factor = (float)(1 / scale.InputFullScale);
        float low = _network.Capabilities.SignedInputs ? -1 : 0;
        int driven = -1;
        foreach (BlockReadout readout in _blocks[node.Index])
        {
            MappedBlock block = readout.Block;
            if (block.Group != group)
            {
                continue;
            }

            Memory<float> inputs = _inputs.AsMemory(0, vectors * block.Rows);
            if (driven != block.FirstRow)
            {
                _clipped += InputScaler.Scale(
                    patches.Span, node.DotLength, block.FirstRow, block.Rows, vectors,
                    pass == 0 ? factor : -factor, low, inputs.Span, countBelow: scale.Passes == 1);
                driven = block.FirstRow;
            }

            _driven += inputs.Length;
            Memory<float> operand = default;
            if (!second.IsEmpty)
            {
                operand = _operand.AsMemory(0, block.Rows * block.Columns);
                _clipped += readout.GatherOperand(second.Span, node.DotLength, operand.Span);
                _driven += operand.Length;
            }

            Memory<float> outputs = _outputs.AsMemory(0, vectors * block.Columns);
            await ReadAsync(new ExecuteRequest(block.Block, vectors, inputs, outputs) { Operand = operand }, cancellationToken).ConfigureAwait(false);
            if (!readout.Accumulate(outputs.Span, products.Span, node.GroupChannels, vectors, subtract: pass == 1))
            {
                throw new DeviceException(
                    DeviceFault.CorruptReply,
                    $"layer {node.Name}, block {block.Block}: a read or its correction is not a finite number; check the calibration's gains and the converter");
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                ExecuteReply reply = await _device.ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
                uint checksum = ReplyChecksum.Of(request.Outputs.Span);
                if (checksum != reply.Checksum)
                {
                    throw new DeviceException(
                        DeviceFault.CorruptReply,
                        $"block {request.Block}: the reply's values have checksum {checksum:x8}, the device sent {reply.Checksum:x8}; check the link");
                }

                _reads += reply.Reads;
                _saturated += reply.SaturatedReads;
                _deviceTime += reply.DeviceTime;
                return;
            }
            catch (DeviceException fault) when (fault.IsTransient && attempt < _retriesPerCall)
            {
                _retries++;
            }
        }
    }
}
