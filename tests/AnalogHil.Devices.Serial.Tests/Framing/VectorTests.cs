using System.Globalization;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Tests.Framing;

/// <summary>The golden vectors that the firmware's own tests check too.</summary>
public sealed class VectorTests
{
    [Fact]
    public void Frames_OfEveryVector_AreTheSameBytesBothWays()
    {
        int count = 0;
        foreach (string line in Repository.Vectors("frames.txt"))
        {
            string[] parts = line.Split(' ');
            byte[] payload = parts[7] == "-" ? [] : Convert.FromHexString(parts[7]);
            byte[] expected = Convert.FromHexString(parts[8]);
            var header = new WireFrameHeader(
                (WireFrameKind)Number(0), (WireChannel)Number(1), (ushort)Number(2), (ushort)Number(3), (ushort)Number(4), (byte)Number(5), 0,
                (ushort)Number(6));
            byte[] wire = new byte[FrameCodec.MaxWire];
            Assert.Equal(expected, wire[..FrameCodec.Encode(header, payload, wire)]);

            byte[] plain = new byte[FrameCodec.MaxStuffed];
            Assert.Equal(FrameResult.Good, FrameCodec.Decode(expected.AsSpan()[1..^1], plain, out WireFrameHeader read, out ReadOnlySpan<byte> body));
            Assert.Equal(header, read);
            Assert.Equal(payload, body.ToArray());
            count++;

            int Number(int part) => int.Parse(parts[part], CultureInfo.InvariantCulture);
        }

        Assert.True(count >= 300);
    }

    [Fact]
    public void Frames_OfEveryBrokenVector_AreRefusedForItsReason()
    {
        int count = 0;
        foreach (string line in Repository.Vectors("broken.txt"))
        {
            string[] parts = line.Split(' ');
            FrameResult expected = parts[0] switch { "crc" => FrameResult.Checksum, "length" => FrameResult.Length, _ => FrameResult.Stuffing };
            byte[] stuffed = Convert.FromHexString(parts[1]);
            Assert.Equal(expected, FrameCodec.Decode(stuffed, new byte[FrameCodec.MaxStuffed], out _, out _));
            count++;
        }

        Assert.True(count >= 200);
    }

    [Fact]
    public void Messages_OfEveryVector_HaveTheSameFieldsAndBytes()
    {
        int count = 0;
        foreach (string line in Repository.Vectors("messages.txt"))
        {
            string[] parts = line.Split('|');
            byte[] bytes = Convert.FromHexString(parts[2]);
            (string text, byte[] again) = WireTexts.Of(parts[0], bytes);
            Assert.Equal(parts[1], text);
            Assert.Equal(bytes, again);
            count++;
        }

        Assert.True(count >= 200);
    }

    [Fact]
    public void Schema_HashAndSeeds_AreThoseOfTheVectors()
    {
        Dictionary<string, string> values = Repository.Vectors("schema.txt").Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.Equal(LinkSchema.Hash, values["hash"]);
        Assert.Equal(values["seed"], LinkSchema.Seed.ToString("x8", CultureInfo.InvariantCulture));
        Assert.Equal(values["check"], FrameChecksum.Of(FrameChecksum.StandardSeed, "123456789"u8).ToString("x8", CultureInfo.InvariantCulture));
        Assert.Equal(values["schema-check"], FrameChecksum.Of(LinkSchema.Seed, "123456789"u8).ToString("x8", CultureInfo.InvariantCulture));
    }
}
