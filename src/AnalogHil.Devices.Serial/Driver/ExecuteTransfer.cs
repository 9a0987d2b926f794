using System.Buffers.Binary;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Inputs up, products down. Inputs travel as codes of the device's own converter: one byte each up to 8 bits.</summary>
internal sealed class ExecuteTransfer(DeviceSession session, DeviceCapabilities capabilities)
{
    // Rounding in the host's scaling may pass the limits by this much; it is driven at the limit.
    private const float Tolerance = 1e-5f;

    // Flag of the opening command.
    private const byte WithOperand = 2;

    // Outputs that are asked for before the execution is through: the device answers them at once when it is, and the line is never idle in between.
    private const int AskedAhead = 8;

    private WireEncoding Encoding => capabilities.DacBits == 0 ? WireEncoding.F32 : capabilities.DacBits <= 8 ? WireEncoding.I8 : WireEncoding.I16;

    /// <summary>Executes.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="block">Its block as programmed; null where this driver programmed none of that number, which the device then refuses.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<ExecuteReply> RunAsync(ExecuteRequest request, (int Rows, int Columns)? block, CancellationToken cancellationToken)
    {
        bool operand = !request.Operand.IsEmpty;
        if (operand && !capabilities.MultipliesActivations)
        {
            throw Invalid($"block {request.Block} is given another operand, and the device multiplies by programmed weights only; compute the "
                + "product digitally");
        }

        if (block is { } shape)
        {
            Verify(request, shape);
        }

        var pipeline = new CommandPipeline(session, WireChannel.Bulk, cancellationToken);
        byte[] open = new byte[WireExecuteOpen.Size];
        new WireExecuteOpen(request.Block, (uint)Math.Max(0, request.Vectors), Encoding, (byte)(operand ? WithOperand : 0), 0).Write(open);
        await pipeline.SendAsync(WireOpcode.ExecuteOpen, open).ConfigureAwait(false);
        if (block is not null)
        {
            await SendAsync(pipeline, WireOpcode.ExecuteInputs, request.Inputs).ConfigureAwait(false);
            await SendAsync(pipeline, WireOpcode.ExecuteOperand, request.Operand).ConfigureAwait(false);
        }

        int outputs = request.Vectors * (block?.Columns ?? 0);
        WireExecuteResult result = default;
        await pipeline.SendAsync(WireOpcode.ExecuteRun, default, reply =>
        {
            result = WireExecuteResult.Read(reply.Span);
            if (result.Outputs != outputs)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction, $"block {request.Block}: the device has {result.Outputs} outputs, {outputs} were asked for; program it again");
            }
        }).ConfigureAwait(false);
        await FetchAsync(pipeline, request.Outputs[..outputs]).ConfigureAwait(false);
        return new ExecuteReply((long)result.Reads, (long)result.Saturated, TimeSpan.FromMicroseconds(result.DeviceNs / 1000.0), result.Checksum);
    }

    private async Task SendAsync(CommandPipeline pipeline, WireOpcode opcode, ReadOnlyMemory<float> values)
    {
        int size = Encoding switch { WireEncoding.F32 => sizeof(float), WireEncoding.I16 => sizeof(short), _ => 1 };
        int most = (session.MaxBody - WireExecuteInputs.Size) / size;
        for (int first = 0; first < values.Length; first += most)
        {
            int count = Math.Min(most, values.Length - first);
            byte[] body = new byte[WireExecuteInputs.Size + count * size];
            new WireExecuteInputs((uint)first, (uint)count).Write(body);
            Encode(values.Span.Slice(first, count), body.AsSpan(WireExecuteInputs.Size));
            await pipeline.SendAsync(opcode, body).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(CommandPipeline pipeline, Memory<float> outputs)
    {
        int taken = 0;
        int most = (session.MaxReply - WireOutputsHeader.Size) / sizeof(float);
        for (int first = 0; first < outputs.Length; first += most)
        {
            if (first == AskedAhead * most)
            {
                // An execution may take long, and commands that wait for it hold what others could use.
                await pipeline.WaitAsync(AskedAhead).ConfigureAwait(false);
            }

            byte[] ask = new byte[WireExecuteOutputs.Size];
            new WireExecuteOutputs(0, 0, (ushort)Math.Min(most, outputs.Length - first), (uint)first).Write(ask);
            await pipeline.SendAsync(WireOpcode.ExecuteOutputs, ask, reply => taken += Take(reply.Span, taken, outputs.Span)).ConfigureAwait(false);
        }

        await pipeline.WaitAsync().ConfigureAwait(false);
    }

    private static int Take(ReadOnlySpan<byte> reply, int taken, Span<float> outputs)
    {
        var header = WireOutputsHeader.Read(reply);
        ReadOnlySpan<byte> values = reply[WireOutputsHeader.Size..];
        if (header.First != taken || values.Length != header.Count * sizeof(float) || header.Count > outputs.Length - taken)
        {
            throw new DeviceException(DeviceFault.CorruptReply, $"outputs from {header.First} on, {taken} was next; repeat the read");
        }

        for (int i = 0; i < header.Count; i++)
        {
            outputs[taken + i] = BinaryPrimitives.ReadSingleLittleEndian(values[(i * sizeof(float))..]);
        }

        return (int)header.Count;
    }

    private void Verify(in ExecuteRequest request, (int Rows, int Columns) block)
    {
        if (request.Vectors < 1 || request.Vectors > capabilities.MaxVectors)
        {
            throw Invalid($"{request.Vectors} vectors in one call, allowed are 1 to {capabilities.MaxVectors}; split the batch");
        }

        if (request.Inputs.Length != request.Vectors * block.Rows || request.Outputs.Length < request.Vectors * block.Columns)
        {
            throw Invalid(
                $"block {request.Block} with {request.Vectors} vectors needs {request.Vectors * block.Rows} inputs and "
                    + $"{request.Vectors * block.Columns} outputs, given are {request.Inputs.Length} and {request.Outputs.Length}");
        }

        if (!request.Operand.IsEmpty && request.Operand.Length != block.Rows * block.Columns)
        {
            throw Invalid($"block {request.Block} takes an operand of {block.Rows} x {block.Columns}, given are {request.Operand.Length} elements");
        }

        foreach (float element in request.Operand.Span)
        {
            if (!(Math.Abs(element) <= 1 + Tolerance))
            {
                throw Invalid($"block {request.Block}: element {element} of the operand is outside [-1, 1]; divide by its full scale");
            }
        }

        float low = capabilities.SignedInputs ? -1 : 0;
        ReadOnlySpan<float> inputs = request.Inputs.Span;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!(inputs[i] >= low - Tolerance && inputs[i] <= 1 + Tolerance))
            {
                throw Invalid(
                    $"block {request.Block} vector {i / block.Rows} row {i % block.Rows}: input {inputs[i]} is outside [{low}, 1]; divide by the "
                        + "layer's full scale");
            }
        }
    }

    private void Encode(ReadOnlySpan<float> inputs, Span<byte> to)
    {
        float steps = (float)Math.Round(1 / Math.Max(capabilities.InputStep, 1e-9));
        float low = capabilities.SignedInputs ? -1 : 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            float u = Math.Clamp(inputs[i], low, 1);
            switch (Encoding)
            {
                case WireEncoding.I8:
                    to[i] = (byte)(int)MathF.Round(u * steps);
                    break;
                case WireEncoding.I16:
                    BinaryPrimitives.WriteUInt16LittleEndian(to[(2 * i)..], (ushort)(int)MathF.Round(u * steps));
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(to[(4 * i)..], u);
                    break;
            }
        }
    }

    private static DeviceException Invalid(string message) => new(DeviceFault.InvalidRequest, message);
}
