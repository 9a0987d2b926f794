using AnalogHil.Engine.Data.Sets;

namespace AnalogHil.Engine.Data;

/// <summary>Loads the splits of a data set kept as IDX files in one directory, as Fashion-MNIST is, for the project's own models.</summary>
public static class IdxImageSet
{
    /// <summary>Loads one split; <see cref="ImageSets.Open"/> does it for any kind of directory and any model.</summary>
    /// <param name="directory">Directory with PREFIX-images-idx3-ubyte.gz and PREFIX-labels-idx1-ubyte.gz (or the same without .gz); PREFIX is t10k for the
    /// test split, calib for calibration.</param>
    /// <param name="split">Which split.</param>
    /// <param name="classes">Number of classes; labels must lie below it.</param>
    /// <returns>Grey images as float32 in [0, 1] (<see cref="Preprocessing.UnitGray"/>), in file order.</returns>
    /// <exception cref="DataSetException">A file is missing, damaged, or images and labels do not fit each other.</exception>
    public static LabelledImages Load(string directory, ImageSplit split, int classes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        var request = new ImageSetRequest(directory, name, Preprocessing.UnitGray, split, classes, int.MaxValue);
        using var batches = new ImageBatches(request, new IdxSetReader().Open(request));
        return batches.ReadAll();
    }
}
