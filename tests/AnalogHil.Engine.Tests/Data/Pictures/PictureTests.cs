using System.Buffers.Binary;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Data.Pictures;
using AnalogHil.Engine.Tests.Models;

namespace AnalogHil.Engine.Tests.Data.Pictures;

public sealed class PictureTests
{
    // A 2 x 1 picture of red and blue, made once by another program (zlib level 9, no filter): the reader is not only tested against our writer.
    private const string ForeignPng =
        "89504E470D0A1A0A0000000D49484452000000020000000108020000007B40E8DD0000000D4944415478DA63F8CF0004FF01070001FF3D7D8C490000000049454E44AE426082";

    [Fact]
    public void Of_KnownText_GivesPublishedChecksum() => Assert.Equal(0xCBF43926u, PngChecksum.Of("123456789"u8));

    [Fact]
    public void Decode_ForeignFile_GivesItsPixels()
    {
        Picture picture = PngDecoder.Decode(Convert.FromHexString(ForeignPng), "foreign");

        Assert.Equal((3, 1, 2), (picture.Channels, picture.Height, picture.Width));
        Assert.Equal([255, 0, 0, 0, 0, 255], picture.Pixels);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 4)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    [InlineData(3, 2)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(6, 8)]
    [InlineData(6, 16)]
    public void Decode_EveryTypeAndFilter_GivesThePixels(int color, int depth)
    {
        var header = new PngHeader(13, 11, depth, color);
        byte[] samples = new byte[header.LineBytes * header.Height];
        byte[] palette = new byte[3 << Math.Min(depth, 8)];
        var random = new Random(color * 100 + depth);
        random.NextBytes(samples);
        random.NextBytes(palette);

        Picture picture = PngDecoder.Decode(PngWriter.Write(header, samples, y => y % 5, color == 3 ? palette : null), "test");

        int channels = color is 2 or 3 or 6 ? 3 : 1;
        Assert.Equal((channels, 11, 13), (picture.Channels, picture.Height, picture.Width));
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            (int pixel, int c) = Math.DivRem(i, channels);
            (int y, int x) = Math.DivRem(pixel, 13);
            int first = (color == 3 ? x : x * header.Samples + c) * depth;
            int bits = 0;
            for (int b = 0; b < Math.Min(depth, 8); b++)
            {
                bits = 2 * bits + (samples[y * header.LineBytes + (first + b) / 8] >> (7 - (first + b) % 8) & 1);
            }

            int expected = color == 3 ? palette[3 * bits + c] : depth < 8 ? bits * 255 / ((1 << depth) - 1) : bits;
            Assert.Equal(expected, picture.Pixels[i]);
        }
    }

    [Fact]
    public void Decode_DamagedFile_FailsCleanly()
    {
        var header = new PngHeader(5, 4, 8, 2);
        byte[] file = PngWriter.Write(header, new byte[60], y => y);
        for (int i = 0; i < file.Length; i++)
        {
            Assert.Throws<DataSetException>(() => PngDecoder.Decode(file.AsSpan(0, i), "short"));
            byte[] flipped = [.. file];
            flipped[i] ^= 0x10;
            if (i >= 8)
            {
                // Every byte behind the signature lies in a chunk, and every chunk has a checksum.
                Assert.Throws<DataSetException>(() => PngDecoder.Decode(flipped, "flipped"));
            }
        }
    }

    [Fact]
    public void Decode_EnormousClaim_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = PngWriter.Write(new PngHeader(1, 1, 8, 0), [0], _ => 0);
        byte[] head = file[16..29];
        BinaryPrimitives.WriteInt32BigEndian(head, 1 << 20);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), 1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();

        DataSetException error = Assert.Throws<DataSetException>(() => PngDecoder.Decode([.. file[..8], .. PngWriter.Chunk("IHDR"u8, head), .. file[33..]], "bomb"));

        Assert.Contains("1048576 x 1048576", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_MorePixelsThanThePackedDataCanHold_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = PngWriter.Write(new PngHeader(1, 1, 8, 0), [0], _ => 0);
        byte[] head = file[16..29];
        BinaryPrimitives.WriteInt32BigEndian(head, 2048);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), 2048);
        long before = GC.GetAllocatedBytesForCurrentThread();

        DataSetException error = Assert.Throws<DataSetException>(() => PngDecoder.Decode([.. file[..8], .. PngWriter.Chunk("IHDR"u8, head), .. file[33..]], "bomb"));

        Assert.Contains("which cannot hold as many", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_Interlaced_SaysWhatToDo()
    {
        byte[] file = PngWriter.Write(new PngHeader(1, 1, 8, 0), [0], _ => 0, interlace: 1);

        Assert.Contains("without interlacing", Assert.Throws<DataSetException>(() => PngDecoder.Decode(file, "interlaced")).Message, StringComparison.Ordinal);
    }

    [JpegTheory]
    [InlineData("imagenet-val-1300")]
    public void Open_JpegPictures_GiveTheRecordedPixels(string set)
    {
        NpyArray<byte> golden = NpyReader.Read<byte>(SharedData.Golden("pixels_imagenet_first8.npy"));
        var pixels = new Preprocessing { Channels = ChannelOrder.Rgb, Crop = (224, 224) };

        LabelledImages images = ImageSets.Open(Path.Combine(SharedData.Root, "imagesets", set), pixels, ImageSplit.Test, 1000, limit: 8);

        Assert.Equal([8, 3, 224, 224], golden.Dims);
        Assert.Equal($"{set}/all", images.Name);
        Assert.Equal(golden.Values.Select(value => (float)value), images.Pixels);
    }
}
