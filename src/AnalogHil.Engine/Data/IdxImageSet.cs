namespace AnalogHil.Engine.Data;

/// <summary>Loads the splits of a data set kept as IDX files in one directory, as Fashion-MNIST is.</summary>
public static class IdxImageSet
{
    /// <summary>The pixel value that becomes 1: images are pixel / 255, without subtraction of a mean, as the project's models were trained.</summary>
    private const float White = 255;

    /// <summary>Loads one split.</summary>
    /// <param name="directory">Directory with PREFIX-images-idx3-ubyte.gz and PREFIX-labels-idx1-ubyte.gz (or the same without .gz); PREFIX is t10k for the test split, calib for calibration.</param>
    /// <param name="split">Which split.</param>
    /// <param name="classes">Number of classes; labels must lie below it.</param>
    /// <returns>Grey images as float32 in [0, 1], in file order.</returns>
    /// <exception cref="DataSetException">A file is missing, damaged, or images and labels do not fit each other.</exception>
    public static LabelledImages Load(string directory, ImageSplit split, int classes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        string prefix = split == ImageSplit.Test ? "t10k" : "calib";
        string imagePath = Find(directory, $"{prefix}-images-idx3-ubyte");
        string labelPath = Find(directory, $"{prefix}-labels-idx1-ubyte");
        IdxFile images = IdxReader.Read(imagePath);
        IdxFile labels = IdxReader.Read(labelPath);
        if (images.Dims.Length != 3 || images.Values.Length == 0)
        {
            throw new DataSetException($"'{imagePath}' has dimensions [{string.Join(", ", images.Dims)}]; [count, height, width], none of them 0, is needed");
        }

        if (labels.Dims.Length != 1 || labels.Dims[0] != images.Dims[0])
        {
            throw new DataSetException(
                $"'{labelPath}' has dimensions [{string.Join(", ", labels.Dims)}], '{imagePath}' has {images.Dims[0]} images; there must be one label for each image. Take both files from the same source");
        }

        int[] classOf = new int[labels.Values.Length];
        for (int i = 0; i < classOf.Length; i++)
        {
            classOf[i] = labels.Values[i] < classes
                ? labels.Values[i]
                : throw new DataSetException($"'{labelPath}': label {i} is {labels.Values[i]}, the network's classes are 0 to {classes - 1}; take the labels that belong to the model");
        }

        float[] pixels = new float[images.Values.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = images.Values[i] / White;
        }

        string name = $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)))}/{prefix}";
        return new LabelledImages(name, new ImageShape(1, images.Dims[1], images.Dims[2]), pixels, classOf);
    }

    private static string Find(string directory, string name)
    {
        string packed = Path.Combine(directory, name + ".gz");
        string plain = Path.Combine(directory, name);
        return File.Exists(packed) ? packed
            : File.Exists(plain) ? plain
            : throw new DataSetException(
                $"'{packed}' (or without .gz) is missing; give a directory with IDX files, e.g. data/fashion-mnist of the repository or, for the test split, Debian's package dataset-fashion-mnist");
    }
}
