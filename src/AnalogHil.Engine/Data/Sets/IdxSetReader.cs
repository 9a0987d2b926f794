namespace AnalogHil.Engine.Data.Sets;

/// <summary>IDX files, as MNIST and Fashion-MNIST come.</summary>
internal sealed class IdxSetReader : ImageSetReader
{
    public override string Files(ImageSplit split) => $"{Prefixes(split, "t10k", "calib")[0]}-images-idx3-ubyte(.gz) with -labels-idx1-ubyte(.gz)";

    public override bool Recognises(ImageSetRequest request) => Prefixes(request.Split, "t10k", "calib").Any(prefix => Find(request.Directory, Images(prefix)) is not null);

    public override StoredSet Open(ImageSetRequest request)
    {
        string prefix = Prefixes(request.Split, "t10k", "calib").First(prefix => request.Split is not null || Find(request.Directory, Images(prefix)) is not null);
        string imagePath = Require(request.Directory, Images(prefix));
        string labelPath = Require(request.Directory, $"{prefix}-labels-idx1-ubyte");
        IdxFile images = IdxReader.Read(imagePath);
        IdxFile labels = IdxReader.Read(labelPath);
        if (images.Dims.Length != 3 || images.Values.Length == 0)
        {
            throw new DataSetException($"'{imagePath}' has dimensions [{string.Join(", ", images.Dims)}]; [count, height, width], none of them 0, is needed");
        }

        if (labels.Dims.Length != 1 || labels.Dims[0] != images.Dims[0])
        {
            throw new DataSetException(
                $"'{labelPath}' has dimensions [{string.Join(", ", labels.Dims)}], '{imagePath}' has {images.Dims[0]} images; there must be one label for "
                    + "each image. Take both files from the same source");
        }

        (int height, int width) = (images.Dims[1], images.Dims[2]);
        int size = height * width;
        return new StoredSet(
            request.NameOf(prefix),
            labels.Values.Length,
            [imagePath, labelPath],
            Enumerable.Range(0, labels.Values.Length).Select(i => new RawImage(
                $"'{labelPath}', image {i}", labels.Values[i], 1, height, width, images.Values.AsMemory(i * size, size), Planar: true)));
    }

    private static string Images(string prefix) => $"{prefix}-images-idx3-ubyte";

    private static string Require(string directory, string name) => Find(directory, name)
        ?? throw new DataSetException(
            $"'{Path.Combine(directory, name + ".gz")}' (or without .gz) is missing; give a directory with IDX files, e.g. data/fashion-mnist of the "
                + "repository or, for the test split, Debian's package dataset-fashion-mnist");
}
