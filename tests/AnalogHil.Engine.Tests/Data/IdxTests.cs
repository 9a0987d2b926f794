using System.IO.Compression;
using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("idx-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_Repository_GivesBothSplits()
    {
        LabelledImages test = Repository.Test;
        LabelledImages calibration = IdxImageSet.Load(Path.Combine(Repository.Root, "data", "fashion-mnist"), ImageSplit.Calibration);

        Assert.Equal((10_000, 4_096), (test.Count, calibration.Count));
        Assert.Equal(new ImageShape(1, 28, 28), test.Shape);
        Assert.Equal("fashion-mnist/t10k", test.Name);
        Assert.Equal((0f, 1f), (test.Pixels.Min(), test.Pixels.Max()));
        // Every class has exactly a thousand test images.
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(1000, test.Labels.Count(label => label == c)));
        Assert.Equal(784, test.Slice(5, 1).Length);
    }

    [Fact]
    public void Load_SmallSet_ScalesPixels()
    {
        Write("t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102]);
        Write("t10k-labels-idx1-ubyte.gz", [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]);

        LabelledImages set = IdxImageSet.Load(_directory, ImageSplit.Test);

        Assert.Equal([0, 1, 0.2f, 0.4f], set.Pixels);
        Assert.Equal([3, 9], set.Labels);
    }

    [Fact]
    public void Load_MissingFile_NamesItAndRemedy() =>
        Expect("calib-images-idx3-ubyte.gz", () => IdxImageSet.Load(_directory, ImageSplit.Calibration), "dataset-fashion-mnist");

    [Fact]
    public void Load_LabelCountDiffers_IsRefused()
    {
        Write("t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        Write("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 3, 9]);

        Expect("one label for each image", () => IdxImageSet.Load(_directory, ImageSplit.Test));
    }

    [Fact]
    public void Load_LabelOutsideClasses_IsRefused()
    {
        Write("t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        Write("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 10]);

        Expect("image 0: label is 10", () => IdxImageSet.Load(_directory, ImageSplit.Test));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8 }, "ends within its header")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0 }, "ends within its header")]
    [InlineData(new byte[] { 0, 0, 9, 1, 0, 0, 0, 0 }, "starts with 00000901")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "starts with 00000800")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2 }, "ends after 2 of 3")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1, 2 }, "more than the 1 values")]
    [InlineData(new byte[] { 0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255 }, "claims dimensions")]
    [InlineData(new byte[] { 0, 0, 8, 1, 63, 0, 0, 0, 1 }, "ends after 1 of")]
    public void Read_DamagedFile_SaysHow(byte[] content, string expected)
    {
        Write("file", content);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Expect(expected, () => IdxReader.Read(Path.Combine(_directory, "file")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Read_NotGzip_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_directory, "file.gz"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

        Expect("no gzip file", () => IdxReader.Read(Path.Combine(_directory, "file.gz")));
    }

    private static void Expect(string part, Func<object> action, string other = "")
    {
        DataSetException error = Assert.Throws<DataSetException>(action);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, byte[] content)
    {
        using FileStream file = File.Create(Path.Combine(_directory, name));
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var packed = new GZipStream(file, CompressionLevel.Fastest);
            packed.Write(content);
            return;
        }

        file.Write(content);
    }
}
