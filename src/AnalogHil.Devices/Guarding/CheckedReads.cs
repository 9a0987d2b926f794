using System.Buffers;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>Executes once and hands out the outputs only when the driver has ended the call and its reply was found good.</summary>
internal sealed class CheckedReads(IAnalogDevice driver, DriverCalls calls, DeviceMirror mirror)
{
    public async Task<ExecuteReply> RunAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        calls.RequireKnownState("execute");

        // The driver never holds the caller's memory: a call that was abandoned may still write. The price is one more pass over the outputs,
        // beside those of the checksum and of the range check.
        float[] own = ArrayPool<float>.Shared.Rent(request.Outputs.Length);
        ExecuteRequest asked = request with { Outputs = own.AsMemory(0, request.Outputs.Length) };
        ExecuteReply reply = await calls.RunAsync("execute", token => driver.ExecuteAsync(asked, token), cancellationToken).ConfigureAwait(false);
        try
        {
            int outputs = mirror.OutputsOf(request);
            if (outputs < 0)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction,
                    $"the device executed block {request.Block}, which was not programmed in this session, or by a call that never ended; program it");
            }

            ReadOnlySpan<float> values = asked.Outputs.Span[..outputs];
            ReplyCheck.Verify(request, reply, values, mirror.ReadsOf(request), driver.Capabilities);
            values.CopyTo(request.Outputs.Span);
            return reply;
        }
        finally
        {
            // Only here, where the driver has ended the call, may somebody else have the memory.
            ArrayPool<float>.Shared.Return(own);
        }
    }
}
