using AnalogHil.Engine.Data.Sets;

namespace AnalogHil.Engine.Data;

/// <summary>Opens a directory of labelled images, whatever of the known kinds it is.</summary>
/// <remarks>
/// Known are IDX files (PREFIX-images-idx3-ubyte and PREFIX-labels-idx1-ubyte), CIFAR-10 binary records (test_batch.bin, data_batch_*.bin),
/// each also packed with gzip; pictures (PNG, JPEG) with a labels.csv of the columns file,label; NumPy arrays (PREFIX.images.npy and
/// PREFIX.labels.npy). PREFIX is t10k or calib for IDX, test or calib for NumPy. A directory with the subdirectories test and calib is
/// opened at the one that the split names. Pictures have no splits of their own: without such subdirectories they are all test images.
/// </remarks>
public static class ImageSets
{
    private static readonly ImageSetReader[] Readers = [new IdxSetReader(), new CifarSetReader(), new NpySetReader(), new PictureSetReader()];

    /// <summary>Opens one split of a set.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="preprocessing">From pixels to the model's input, usually <see cref="Preprocessing.ForModel(string)"/>. NumPy arrays of float32 are
    /// taken as they are.</param>
    /// <param name="split">Which split.</param>
    /// <param name="classes">Number of logits; labels plus the offset of the preprocessing must lie below it.</param>
    /// <param name="limit">At most so many images, the first ones.</param>
    /// <exception cref="DataSetException">The directory is of no known kind, lacks the split, or a file of it is missing or damaged.</exception>
    /// <returns>All of them in memory at once, for sets that are small or gone through many times; see <see cref="OpenBatches"/>.</returns>
    public static LabelledImages Open(string path, Preprocessing preprocessing, ImageSplit split, int classes, int limit = int.MaxValue)
    {
        using ImageBatches batches = OpenBatches(path, preprocessing, split, classes, limit);
        return batches.ReadAll();
    }

    /// <summary>Opens one split of a set, to be read batch by batch.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <exception cref="DataSetException">The directory is of no known kind, lacks the split, or a file of it is missing or damaged; pictures may fail
    /// later.</exception>
    public static ImageBatches OpenBatches(string path, Preprocessing preprocessing, ImageSplit split, int classes, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ImageSetRequest request = Request(path, preprocessing, split, classes, limit);
        return new ImageBatches(request, Find(request, split).Open(request));
    }

    /// <summary>Whether a directory holds a split of a known kind, whole or damaged.</summary>
    /// <exception cref="DataSetException">There is no such directory.</exception>
    public static bool Holds(string path, ImageSplit split)
    {
        ImageSetRequest request = Request(path, Preprocessing.UnitGray, split, 1, 1);
        return Array.Exists(Readers, reader => reader.Recognises(request));
    }

    /// <summary>Refuses a directory that does not hold a split of a known kind; reads nothing of it.</summary>
    /// <exception cref="DataSetException">There is no such directory, it is of no known kind, or lacks the split.</exception>
    public static void Require(string path, ImageSplit split) => Find(Request(path, Preprocessing.UnitGray, split, 1, 1), split);

    private static ImageSetReader Find(ImageSetRequest request, ImageSplit split) => Array.Find(Readers, reader => reader.Recognises(request))
        ?? throw new DataSetException(
            $"'{request.Directory}' holds no {(split == ImageSplit.Test ? "test" : "calibration")} images of a known kind; known are "
                + $"{string.Join("; ", Readers.Select(reader => reader.Files(split)))}"
            + (request.Split is null ? "" : ", or any of them in a subdirectory test or calib"));

    private static ImageSetRequest Request(string path, Preprocessing preprocessing, ImageSplit split, int classes, int limit)
    {
        if (!Directory.Exists(path))
        {
            throw new DataSetException($"the directory '{path}' does not exist; check the path");
        }

        string part = Path.Combine(path, split == ImageSplit.Test ? "test" : "calib");
        string directory = Directory.Exists(part) ? part : path;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return new ImageSetRequest(directory, name, preprocessing, directory == part ? null : split, classes, limit);
    }
}
