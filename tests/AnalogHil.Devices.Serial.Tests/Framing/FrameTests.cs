using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Framing;

public sealed class FrameTests(ITestOutputHelper output)
{
    [Fact]
    public void Decode_EveryOneAndTwoBitErrorOnTheWire_IsRefused()
    {
        var random = new Random(8);
        byte[] payload = new byte[48];
        random.NextBytes(payload);
        byte[] wire = new byte[FrameCodec.MaxWire];
        int count = FrameCodec.Encode(new WireFrameHeader(WireFrameKind.Data, WireChannel.Bulk, 0, 5, 6, 7, 0, 8), payload, wire);
        var deframer = new Deframer();
        byte[] plain = new byte[FrameCodec.MaxStuffed];
        int accepted = 0;
        int patterns = 0;
        for (int first = 8; first < 8 * (count - 1); first++)
        {
            for (int second = first; second < 8 * (count - 1); second++)
            {
                Flip(first);
                if (second != first)
                {
                    Flip(second);
                }

                foreach (byte value in wire.AsSpan(0, count))
                {
                    accepted += deframer.Take(value) && FrameCodec.Decode(deframer.Candidate, plain, out _, out _) == FrameResult.Good ? 1 : 0;
                }

                Flip(first);
                if (second != first)
                {
                    Flip(second);
                }

                patterns++;
            }
        }

        output.WriteLine($"{patterns} patterns, {accepted} accepted");
        Assert.Equal(0, accepted);

        void Flip(int bit) => wire[bit / 8] ^= (byte)(1 << (bit % 8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_EveryOneAndTwoBitErrorBeforeStuffing_IsRefused(bool standardSeed)
    {
        WireFrameKind kind = standardSeed ? WireFrameKind.Hello : WireFrameKind.Data;
        var random = new Random(18);
        byte[] payload = new byte[48];
        random.NextBytes(payload);
        byte[] wire = new byte[FrameCodec.MaxWire];
        int count = FrameCodec.Encode(new WireFrameHeader(kind, WireChannel.Bulk, 0, 5, 6, 7, 0, 8), payload, wire);
        byte[] good = new byte[FrameCodec.MaxStuffed];
        Assert.True(Cobs.TryDecode(wire.AsSpan(1, count - 2), good, out int length));
        Assert.Equal(64, length);
        byte[] stuffed = new byte[FrameCodec.MaxStuffed];
        byte[] plain = new byte[FrameCodec.MaxStuffed];
        int patterns = 0;
        for (int first = 0; first < 8 * length; first++)
        {
            for (int second = first; second < 8 * length; second++)
            {
                Flip(first);
                Flip(second == first ? -1 : second);
                Assert.NotEqual(
                    FrameResult.Good, FrameCodec.Decode(stuffed.AsSpan(0, Cobs.Encode(good.AsSpan(0, length), stuffed)), plain, out _, out _));
                Flip(first);
                Flip(second == first ? -1 : second);
                patterns++;
            }
        }

        output.WriteLine($"{kind}: {patterns} patterns, 0 accepted");

        void Flip(int bit)
        {
            if (bit >= 0)
            {
                good[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Decode_FuzzedInputs_NeverThrowsNorGrows() => Fuzz(1_000_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Decode_TenMillionFuzzedInputs_NeverThrowsNorGrows() => Fuzz(10_000_000);

    [Fact]
    public void Take_ALongRunWithoutZeros_IsOneCandidateTooLongToBeAFrame()
    {
        var deframer = new Deframer();
        for (int i = 0; i < 10_000; i++)
        {
            Assert.False(deframer.Take(1));
        }

        Assert.True(deframer.Take(0));
        Assert.Equal(FrameResult.Length, FrameCodec.Decode(deframer.Candidate, new byte[FrameCodec.MaxStuffed], out _, out _));
        Assert.False(deframer.Take(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(253)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(508)]
    [InlineData(509)]
    public void Encode_RunsAroundTheLongest_ComeBackAndHoldNoZero(int count)
    {
        foreach (int zeroEvery in (int[])[0, 1, 254, 255])
        {
            byte[] from = [.. Enumerable.Range(0, count).Select(i => zeroEvery > 0 && (i + 1) % zeroEvery == 0 ? (byte)0 : (byte)(1 + (i % 255)))];
            byte[] stuffed = new byte[Cobs.Bound(count)];
            int written = Cobs.Encode(from, stuffed);
            Assert.DoesNotContain((byte)0, stuffed[..written]);
            byte[] back = new byte[written];
            Assert.True(Cobs.TryDecode(stuffed.AsSpan(0, written), back, out int length));
            Assert.Equal(from, back[..length]);
        }
    }

    private void Fuzz(int inputs)
    {
        const int Seed = 9;
        var random = new Random(Seed);
        var deframer = new Deframer();
        byte[] plain = new byte[FrameCodec.MaxStuffed];
        byte[] noise = new byte[1 << 16];
        random.NextBytes(noise);
        for (int i = 0; i < noise.Length; i += 23)
        {
            noise[i] = 0;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int good = 0;
        int candidates = 0;
        for (int n = 0; n < inputs; n++)
        {
            int length = n % 64 == 0 ? random.Next(1200) : random.Next(1, 48);
            int start = random.Next(noise.Length - length);
            foreach (byte value in noise.AsSpan(start, length))
            {
                if (deframer.Take(value))
                {
                    candidates++;
                    good += FrameCodec.Decode(deframer.Candidate, plain, out _, out _) == FrameResult.Good ? 1 : 0;
                }
            }
        }

        output.WriteLine($"seed {Seed}: {inputs} inputs, {candidates} candidates, {good} accepted (by chance one in 2^32)");
        Assert.Equal(0, good);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4096);
    }
}
