using System.Text;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Data.Pictures;
using AnalogHil.Engine.Tests.Data.Pictures;

namespace AnalogHil.Engine.Tests.Data;

public sealed class ImageSetsTests : IDisposable
{
    private static readonly Preprocessing Rgb = new() { Channels = ChannelOrder.Rgb };
    private readonly string _directory = Directory.CreateTempSubdirectory("sets-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Open_RepositoryDataAsModelsDeclare_EqualsWhatTheyWereTrainedOn(string model)
    {
        Preprocessing declared = Preprocessing.ForModel(Repository.Model(model));

        LabelledImages images = ImageSets.Open(Path.Combine(Repository.Root, "data", "fashion-mnist"), declared, ImageSplit.Test, 10);

        Assert.Equal("fashion-mnist/t10k", images.Name);
        Assert.Equal(Repository.Test.Pixels, images.Pixels);
        Assert.Equal(Repository.Test.Labels, images.Labels);
    }

    [Fact]
    public void Open_CifarRecords_GivesPlanesAndLabels()
    {
        byte[] records = new byte[3 * 3073];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = (byte)(i % 3073 == 0 ? i / 3073 : i % 251);
        }

        File.WriteAllBytes(Path.Combine(_directory, "test_batch.bin"), records);
        File.WriteAllBytes(Path.Combine(_directory, "data_batch_1.bin"), records[..3073]);
        File.WriteAllBytes(Path.Combine(_directory, "data_batch_2.bin"), records[3073..6146]);
        var declared = new Preprocessing { Channels = ChannelOrder.Bgr, Scale = 2, Mean = [1, 2, 3], Std = [4], LabelOffset = 1 };

        LabelledImages test = ImageSets.Open(_directory, declared, ImageSplit.Test, 4, limit: 2);
        LabelledImages calibration = ImageSets.Open(_directory, declared, ImageSplit.Calibration, 4);

        Assert.Equal(new ImageShape(3, 32, 32), test.Shape);
        Assert.Equal([1, 2], test.Labels);
        Assert.Equal([1, 2], calibration.Labels);
        Assert.Equal(test.Pixels, calibration.Pixels);
        // Blue comes first, with the first mean; image 1, row 2, column 3.
        for (int c = 0; c < 3; c++)
        {
            byte pixel = records[3073 + 1 + (2 - c) * 1024 + 2 * 32 + 3];
            Assert.Equal((2f * pixel - (c + 1)) / 4, test.Pixels[3072 + c * 1024 + 2 * 32 + 3]);
        }
    }

    [Fact]
    public void Open_PicturesWithList_CropsCentreAndInterleavesChannels()
    {
        WritePicture("images/a.png", new PngHeader(5, 4, 8, 2), i => i);
        WritePicture("images/b.png", new PngHeader(4, 5, 8, 0), i => 2 * i);
        Write("labels.csv", "file,label\na.png,7\r\nb.png,0\n");

        LabelledImages images = ImageSets.Open(_directory, Rgb with { Crop = (2, 3) }, ImageSplit.Test, 8);

        Assert.Equal([7, 0], images.Labels);
        Assert.Equal(new ImageShape(3, 2, 3), images.Shape);
        // Colour: rows 1 and 2, columns 1 to 3 of 5, interleaved in the file. Grey: rows 1 and 2, columns 0 to 2 of 4, three times.
        Assert.Equal([18, 21, 24, 33, 36, 39, 19, 22, 25, 34, 37, 40, 20, 23, 26, 35, 38, 41], images.Pixels[..18]);
        float[] gray = [8, 10, 12, 16, 18, 20];
        Assert.Equal([.. gray, .. gray, .. gray], images.Pixels[18..]);
    }

    [Fact]
    public void Open_NumpyArrays_TakesBytesAsPixelsAndFloatsAsTheyAre()
    {
        WriteNpy("test.images.npy", "|u1", "2, 1, 1, 2", [10, 20, 30, 40]);
        WriteNpy("test.labels.npy", "<i4", "2,", [1, 0, 0, 0, 2, 0, 0, 0]);
        float[] ready = [0.5f, -1];
        WriteNpy("calib.images.npy", "<f4", "1, 1, 1, 2", [.. ready.SelectMany(BitConverter.GetBytes)]);
        WriteNpy("calib.labels.npy", "<i8", "1,", BitConverter.GetBytes(2L));
        var declared = new Preprocessing { Channels = ChannelOrder.Gray, Std = [10] };

        LabelledImages test = ImageSets.Open(_directory, declared, ImageSplit.Test, 3);
        LabelledImages calibration = ImageSets.Open(_directory, declared, ImageSplit.Calibration, 3);

        Assert.Equal([1, 2, 3, 4], test.Pixels);
        Assert.Equal([1, 2], test.Labels);
        Assert.Equal(ready, calibration.Pixels);
        Assert.Equal("calib", calibration.Name.Split('/')[1]);
    }

    [Fact]
    public void Open_SubdirectoriesOfSplits_AreTold()
    {
        WritePicture("test/a.png", new PngHeader(1, 1, 8, 0), _ => 1);
        Write("test/labels.csv", "file,label\na.png,0\n");
        WritePicture("calib/a.png", new PngHeader(1, 1, 8, 0), _ => 2);
        Write("calib/labels.csv", "file,label\na.png,0\n");

        Assert.Equal([1, 1, 1], ImageSets.Open(_directory, Rgb, ImageSplit.Test, 1).Pixels);
        LabelledImages calibration = ImageSets.Open(_directory, Rgb, ImageSplit.Calibration, 1);
        Assert.Equal([2, 2, 2], calibration.Pixels);
        Assert.Equal($"{Path.GetFileName(_directory)}/calib", calibration.Name);
    }

    [Fact]
    public void OpenBatches_Pictures_AreDecodedWhenTheirBatchIsRead()
    {
        string[] names = [.. Enumerable.Range(0, 5).Select(i => $"{i}.png")];
        foreach ((string name, int i) in names.Select((name, i) => (name, i)))
        {
            WritePicture(name, new PngHeader(2, 1, 8, 0), x => 10 * i + x);
        }

        Write("labels.csv", "file,label\n" + string.Join('\n', names.Select((name, i) => $"{name},{i}")) + "\ngone.png,0\n");
        var gray = new Preprocessing { Channels = ChannelOrder.Gray };
        using ImageBatches batches = ImageSets.OpenBatches(_directory, gray, ImageSplit.Test, 8, limit: 5);
        float[] pixels = new float[6];
        int[] labels = new int[3];

        Assert.Equal((new ImageShape(1, 1, 2), 5), (batches.Shape, batches.Count));
        Assert.Equal(3, batches.Read(pixels, labels));
        Assert.Equal([0, 1, 10, 11, 20, 21], pixels);
        // The second batch is read after the first one's files have gone: nothing of it was held, and nothing of the first is needed.
        File.Delete(Path.Combine(_directory, names[0]));
        WritePicture(names[3], new PngHeader(2, 1, 8, 0), x => 90 + x);
        Assert.Equal(2, batches.Read(pixels, labels));
        Assert.Equal([90, 91, 40, 41], pixels[..4]);
        Assert.Equal([3, 4], labels[..2]);
        Assert.Equal(0, batches.Read(pixels, labels));
        Assert.Equal(["labels.csv", .. names, "gone.png"], batches.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void ReadAt_Pictures_DecodesThoseAlone()
    {
        foreach (int i in (int[])[0, 1, 3])
        {
            WritePicture($"{i}.png", new PngHeader(1, 1, 8, 0), _ => 10 * i);
        }

        Write("2.png", "damaged");
        Write("labels.csv", "file,label\n0.png,0\n1.png,1\n2.png,2\n3.png,3\n");
        using ImageBatches batches = ImageSets.OpenBatches(_directory, new Preprocessing { Channels = ChannelOrder.Gray }, ImageSplit.Test, 8);

        LabelledImages some = batches.ReadAt([3, 1]);

        Assert.Equal([30, 10], some.Pixels);
        Assert.Equal([3, 1], some.Labels);
        Assert.Equal((2, 4), (some.Count, some.SetCount));
        Assert.Equal([3, 1], some.Drawn!.Places.AsEnumerable());
        Assert.Equal(1, batches.Read(new float[1], new int[1]));
        Assert.Throws<ArgumentException>(() => batches.ReadAt([1, 4]));
        Assert.Throws<ArgumentException>(() => batches.ReadAt([1, 1]));
        Assert.Throws<DataSetException>(() => batches.ReadAt([2]));
    }

    [Fact]
    public void ReadAt_OneFileOfAllImages_GivesTheSameAsReadingAll()
    {
        byte[] records = new byte[5 * 3073];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = (byte)(i % 3073 == 0 ? i / 3073 : i % 251);
        }

        File.WriteAllBytes(Path.Combine(_directory, "test_batch.bin"), records);
        LabelledImages all = ImageSets.Open(_directory, Rgb, ImageSplit.Test, 10);
        using ImageBatches batches = ImageSets.OpenBatches(_directory, Rgb, ImageSplit.Test, 10);

        LabelledImages some = batches.ReadAt([4, 0, 2]);

        Assert.Null(all.Drawn);
        Assert.Equal([4, 0, 2], some.Labels);
        Assert.Equal([.. all.Slice(4, 1).Span, .. all.Slice(0, 1).Span, .. all.Slice(2, 1).Span], some.Pixels);
    }

    [Fact]
    public void OpenBatches_PictureMissingInTheMiddle_SaysWhich()
    {
        WritePicture("a.png", new PngHeader(1, 1, 8, 0), _ => 1);
        Write("labels.csv", "file,label\na.png,0\nb.png,0\n");
        using ImageBatches batches = ImageSets.OpenBatches(_directory, Rgb, ImageSplit.Test, 1);

        DataSetException error = Assert.Throws<DataSetException>(() => batches.Read(new float[6], new int[2]));

        Assert.Contains("b.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Holds_Splits_AreToldWithoutReading()
    {
        Write("test_batch.bin", "damaged");

        Assert.True(ImageSets.Holds(_directory, ImageSplit.Test));
        Assert.False(ImageSets.Holds(_directory, ImageSplit.Calibration));
    }

    [Fact]
    public void Open_PicturesWithoutSplits_HaveNoCalibrationImages()
    {
        Write("labels.csv", "file,label\n");

        Expect("holds no calibration images of a known kind", ImageSplit.Calibration);
    }

    [Fact]
    public void Open_UnknownDirectory_NamesKnownKinds() => Expect("test_batch.bin(.gz) of CIFAR-10; test.images.npy", ImageSplit.Test);

    [Theory]
    [InlineData("name,class\n", "the first line must be file,label")]
    [InlineData("file,label\na.png\n", "line 2")]
    [InlineData("file,label\n../a.png,1\n", "must be a path below")]
    [InlineData("file,label\n/etc/a.png,1\n", "must be a path below")]
    [InlineData("file,label\na.png,9\n", "label is 9")]
    [InlineData("file,label\nmissing.png,1\n", "every picture of labels.csv")]
    [InlineData("file,label\nlabels.csv,1\n", "only PNG and JPEG")]
    [InlineData("file,label\n", "it is empty or damaged")]
    public void Open_BadList_SaysWhatIsWrong(string list, string expected)
    {
        WritePicture("a.png", new PngHeader(1, 1, 8, 0), _ => 1);
        Write("labels.csv", list);

        Expect(expected, ImageSplit.Test);
    }

    [Fact]
    public void Open_PictureSmallerThanCrop_SaysSo()
    {
        WritePicture("a.png", new PngHeader(3, 3, 8, 0), _ => 1);
        Write("labels.csv", "file,label\na.png,0\n");

        DataSetException error = Assert.Throws<DataSetException>(() => ImageSets.Open(_directory, Rgb with { Crop = (4, 2) }, ImageSplit.Test, 1));

        Assert.Contains("3 x 3 pixels, the declared crop needs 4 x 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CutCifarFile_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_directory, "test_batch.bin"), new byte[3072]);

        Expect("no multiple of the 3073", ImageSplit.Test);
    }

    [Theory]
    [InlineData("""{ "channels": "cmyk" }""", "must be gray, rgb or bgr")]
    [InlineData("""{ "channels": "rgb", "std": [1, 2] }""", "one value or 3")]
    [InlineData("""{ "channels": "rgb", "std": [1, 0, 1] }""", "above 0")]
    [InlineData("""{ "channels": "rgb", "crop": [224] }""", "height and width")]
    [InlineData("""{ "channels": "rgb", "scale": 0 }""", "other than 0")]
    [InlineData("""{ "channels": "rgb", "resize": 256 }""", "resize")]
    [InlineData("""{ "channels": "rgb", """, "no declaration")]
    [InlineData("null", "is empty")]
    public void Load_BadDeclaration_SaysWhatIsWrong(string json, string expected)
    {
        Write("model.preprocess.json", json);

        DataSetException error = Assert.Throws<DataSetException>(() => Preprocessing.ForModel(Path.Combine(_directory, "model.onnx")));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("model.preprocess.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForModel_WholeDeclaration_IsRead()
    {
        Write("net.v2.preprocess.json", """{ "channels": "bgr", "scale": 0.5, "mean": [1, 2, 3], "std": [4], "crop": [5, 6], "label_offset": -1 }""");

        Preprocessing read = Preprocessing.ForModel(Path.Combine(_directory, "net.v2.onnx"));

        Assert.Equal((ChannelOrder.Bgr, 0.5, (5, 6), -1), (read.Channels, read.Scale, read.Crop!.Value, read.LabelOffset));
        Assert.Equal([1, 2, 3], read.Mean);
        Assert.Equal([4], read.Std);
    }

    [Fact]
    public void ForModel_Missing_ShowsAnExample()
    {
        DataSetException error = Assert.Throws<DataSetException>(() => Preprocessing.ForModel(Path.Combine(_directory, "model.onnx")));

        Assert.Contains("\"label_offset\"", error.Message, StringComparison.Ordinal);
    }

    private void Expect(string part, ImageSplit split)
    {
        DataSetException error = Assert.Throws<DataSetException>(() => ImageSets.Open(_directory, Rgb, split, 8));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string content)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private void WritePicture(string name, PngHeader header, Func<int, int> sample)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PngWriter.Write(header, [.. Enumerable.Range(0, header.LineBytes * header.Height).Select(i => (byte)sample(i))], y => y % 5));
    }

    private void WriteNpy(string name, string type, string shape, byte[] values)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n";
        File.WriteAllBytes(
            Path.Combine(_directory, name), [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.Latin1.GetBytes(header), .. values]);
    }
}
