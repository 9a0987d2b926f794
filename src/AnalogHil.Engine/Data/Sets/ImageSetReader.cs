namespace AnalogHil.Engine.Data.Sets;

/// <summary>One kind of directory of images.</summary>
internal abstract class ImageSetReader
{
    /// <summary>The files it looks for, for messages.</summary>
    public abstract string Files(ImageSplit split);

    /// <summary>Whether the directory is of this kind and holds the split.</summary>
    public abstract bool Recognises(ImageSetRequest request);

    /// <summary>Opens the split; what can be left until an image is asked for is left until then.</summary>
    /// <exception cref="DataSetException">A file is missing or damaged.</exception>
    public abstract StoredSet Open(ImageSetRequest request);

    /// <summary>The file or the same packed with gzip; null where neither is there.</summary>
    protected static string? Find(string directory, string name)
    {
        string packed = Path.Combine(directory, name + ".gz");
        string plain = Path.Combine(directory, name);
        return File.Exists(packed) ? packed : File.Exists(plain) ? plain : null;
    }

    /// <summary>Names of one of several possible prefixes: the split's, or any where the directory holds one split only.</summary>
    protected static string[] Prefixes(ImageSplit? split, string test, string calibration) => split switch
    {
        ImageSplit.Test => [test],
        ImageSplit.Calibration => [calibration],
        _ => [test, calibration],
    };
}
