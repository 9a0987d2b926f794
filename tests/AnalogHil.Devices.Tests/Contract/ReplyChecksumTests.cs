using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Contract;

public sealed class ReplyChecksumTests
{
    [Fact]
    public void Of_CheckDigits_IsThePublishedValue() => Assert.Equal(0xE3069283u, ReplyChecksum.Of("123456789"u8));

    [Fact]
    public void Of_OneFlippedBit_Differs()
    {
        float[] values = [1, 2, 3];
        uint before = ReplyChecksum.Of(values);
        values[1] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(values[1]) ^ 1);
        Assert.NotEqual(before, ReplyChecksum.Of(values));
    }
}
