using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>Whether a reply can be believed.</summary>
internal static class ReplyCheck
{
    /// <summary>Throws for a damaged reply (may be repeated), then for one that contradicts what was asked.</summary>
    public static void Verify(
        in ExecuteRequest request, in ExecuteReply reply, ReadOnlySpan<float> outputs, long expectedReads, DeviceCapabilities capabilities)
    {
        uint checksum = ReplyChecksum.Of(outputs);
        if (checksum != reply.Checksum)
        {
            throw new DeviceException(
                DeviceFault.CorruptReply,
                $"block {request.Block}: checksum of {outputs.Length} outputs is {checksum:x8}, the device sent {reply.Checksum:x8}; repeat the read, check the link if it stays");
        }

        // The mean of converted reads cannot leave the converter's range; rounding in the sum may pass it by a few units in the last place.
        float limit = (float)(capabilities.AdcFullScale * (1 + 1e-5));
        int outside = FirstOutside(outputs, limit);
        if (outside >= 0)
        {
            throw new DeviceException(
                DeviceFault.CorruptReply,
                $"block {request.Block}: output {outside} is {outputs[outside]}, the converter's range is +-{capabilities.AdcFullScale}; repeat the read, check the driver if it stays");
        }

        if (reply.Reads != expectedReads)
        {
            throw new DeviceException(
                DeviceFault.Contradiction,
                $"block {request.Block}: the device counts {reply.Reads} reads, its settings ask for {expectedReads}; its redundancy is not the committed one: commit again, distrust what it measured");
        }

        if (reply.SaturatedReads < 0 || reply.SaturatedReads > reply.Reads)
        {
            throw new DeviceException(
                DeviceFault.Contradiction, $"block {request.Block}: {reply.SaturatedReads} saturated reads of {reply.Reads}; check the driver");
        }
    }

    // A NaN fails every comparison, so one test finds all three: not a number, infinite, too large.
    private static int FirstOutside(ReadOnlySpan<float> outputs, float limit)
    {
        ReadOnlySpan<Vector256<float>> lanes = MemoryMarshal.Cast<float, Vector256<float>>(outputs);
        var limits = Vector256.Create(limit);
        int i = 0;
        while (i < lanes.Length && Vector256.LessThanOrEqualAll(Vector256.Abs(lanes[i]), limits))
        {
            i++;
        }

        for (i *= Vector256<float>.Count; i < outputs.Length; i++)
        {
            if (!(Math.Abs(outputs[i]) <= limit))
            {
                return i;
            }
        }

        return -1;
    }
}
