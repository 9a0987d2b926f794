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
    /// <param name="preprocessing">From pixels to the model's input, usually <see cref="Preprocessing.ForModel"/>. NumPy arrays of float32 are taken as they are.</param>
    /// <param name="split">Which split.</param>
    /// <param name="classes">Number of logits; labels plus the offset of the preprocessing must lie below it.</param>
    /// <param name="limit">At most so many images, the first ones.</param>
    /// <exception cref="DataSetException">The directory is of no known kind, lacks the split, or a file of it is missing or damaged.</exception>
    public static LabelledImages Open(string path, Preprocessing preprocessing, ImageSplit split, int classes, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (!Directory.Exists(path))
        {
            throw new DataSetException($"the directory '{path}' does not exist; check the path");
        }

        string part = Path.Combine(path, split == ImageSplit.Test ? "test" : "calib");
        string directory = Directory.Exists(part) ? part : path;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var request = new ImageSetRequest(directory, name, preprocessing, directory == part ? null : split, classes, limit);
        foreach (ImageSetReader reader in Readers)
        {
            if (reader.Recognises(request))
            {
                return reader.Read(request);
            }
        }

        throw new DataSetException(
            $"'{directory}' holds no {(split == ImageSplit.Test ? "test" : "calibration")} images of a known kind; known are {string.Join("; ", Readers.Select(reader => reader.Files(split)))}"
            + (directory == part ? "" : ", or any of them in a subdirectory test or calib"));
    }
}
