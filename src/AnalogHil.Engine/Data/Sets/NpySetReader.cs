namespace AnalogHil.Engine.Data.Sets;

/// <summary>
/// NumPy arrays: PREFIX.images.npy, [count x C x H x W] of uint8 (pixels) or float32 (ready for the model), and PREFIX.labels.npy, [count] of int32 or
/// int64.
/// </summary>
internal sealed class NpySetReader : ImageSetReader
{
    public override string Files(ImageSplit split) => $"{Prefixes(split, "test", "calib")[0]}.images.npy with .labels.npy";

    public override bool Recognises(ImageSetRequest request) => Prefixes(request.Split, "test", "calib").Any(prefix => File.Exists(Images(request, prefix)));

    public override StoredSet Open(ImageSetRequest request)
    {
        string prefix = Prefixes(request.Split, "test", "calib").First(prefix => File.Exists(Images(request, prefix)));
        string imagePath = Images(request, prefix);
        string labelPath = Path.Combine(request.Directory, prefix + ".labels.npy");
        long[] labels = Labels(labelPath);
        string name = request.NameOf(prefix);
        string[] files = [imagePath, labelPath];
        if (NpyReader.TypeOf(imagePath) == "|u1")
        {
            NpyArray<byte> pixels = NpyReader.Read<byte>(imagePath);
            (int channels, int height, int width) = Shape(pixels.Dims, labels.Length, imagePath, labelPath);
            int size = channels * height * width;
            return new StoredSet(name, labels.Length, files, labels.Select((label, i) => new RawImage(
                $"'{labelPath}', image {i}", label, channels, height, width, pixels.Values.AsMemory(i * size, size), Planar: true)));
        }

        NpyArray<float> values = NpyReader.Read<float>(imagePath);
        (int c, int h, int w) = Shape(values.Dims, labels.Length, imagePath, labelPath);
        var shape = new ImageShape(c, h, w);
        return new StoredSet(name, labels.Length, files, labels.Select((label, i) => new ReadyImage(
            $"'{imagePath}', image {i}", label, shape, values.Values.AsMemory(i * shape.Size, shape.Size))));
    }

    private static string Images(ImageSetRequest request, string prefix) => Path.Combine(request.Directory, prefix + ".images.npy");

    private static long[] Labels(string path)
    {
        if (NpyReader.TypeOf(path) != "<i4")
        {
            return Vector(NpyReader.Read<long>(path), path);
        }

        return [.. Vector(NpyReader.Read<int>(path), path).Select(label => (long)label)];
    }

    private static T[] Vector<T>(NpyArray<T> array, string path)
        where T : unmanaged => array.Dims.Length == 1
        ? array.Values
        : throw new DataSetException($"'{path}' has shape ({string.Join(", ", array.Dims)}); a list of labels, one for each image, is needed");

    private static (int Channels, int Height, int Width) Shape(int[] dims, int labels, string imagePath, string labelPath)
    {
        if (dims.Length is not (3 or 4) || dims.Any(dim => dim < 1) || dims.Length == 4 && dims[1] is not (1 or 3))
        {
            throw new DataSetException(
                $"'{imagePath}' has shape ({string.Join(", ", dims)}); (count, channels, height, width) with 1 or 3 channels, or (count, height, width), is "
                    + "needed");
        }

        return dims[0] != labels
            ? throw new DataSetException($"'{labelPath}' holds {labels} labels, '{imagePath}' {dims[0]} images; there must be one label for each image")
            : dims.Length == 3 ? (1, dims[1], dims[2]) : (dims[1], dims[2], dims[3]);
    }
}
