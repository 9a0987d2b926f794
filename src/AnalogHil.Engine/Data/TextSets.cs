using AnalogHil.Engine.Data.Sets;

namespace AnalogHil.Engine.Data;

/// <summary>Opens a directory of tokenised, labelled texts: one NumPy array for each input of a model, and the labels.</summary>
/// <remarks>
/// PREFIX.INPUT.npy is [count x dimensions of the input] of int64, int32 or float32, INPUT the input's name in the model file, such as input_ids or
/// attention_mask; PREFIX.labels.npy is [count] of int64 or int32. PREFIX is dev or test for the test split, calib for calibration.
/// </remarks>
public static class TextSets
{
    /// <summary>Whether a directory holds a split for a network.</summary>
    public static bool Holds(string path, INetwork network, ImageSplit split) => Prefix(path, network, split) is not null;

    /// <summary>What stands for the preprocessing of texts: none, they are tokenised.</summary>
    public static Preprocessing NoPreprocessing => Preprocessing.UnitGray;

    /// <summary>Whether a network takes tokens or several inputs, which an image set cannot give.</summary>
    public static bool IsFor(INetwork network) => network.Inputs.Count > 1 || network.Inputs.Any(input => input.Kind == ElementKind.Whole);

    /// <summary>Opens one split, all of it in memory.</summary>
    /// <inheritdoc cref="OpenBatches" path="/*"/>
    public static LabelledImages Open(string path, INetwork network, ImageSplit split, int limit = int.MaxValue)
    {
        using ImageBatches texts = OpenBatches(path, network, split, limit);
        return texts.ReadAll();
    }

    /// <summary>Opens one split, to be read batch by batch.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="network">The model, for the names and sizes of its inputs and its classes.</param>
    /// <param name="split">Which split.</param>
    /// <param name="limit">At most so many examples, the first ones.</param>
    /// <returns>An example is one row: the model's inputs one after the other.</returns>
    /// <exception cref="DataSetException">A file is missing or damaged, or does not fit the model.</exception>
    public static ImageBatches OpenBatches(string path, INetwork network, ImageSplit split, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        string prefix = Prefix(path, network, split)
            ?? throw new DataSetException(
                $"'{path}' lacks the {(split == ImageSplit.Test ? "test" : "calibration")} texts of {network.Name}: "
                    + $"{string.Join(" or ", Prefixes(split))}.labels.npy and one array for each input, "
                + string.Join(", ", network.Inputs.Select(input => $".{input.Name}.npy")));
        string labelPath = Path.Combine(path, prefix + ".labels.npy");
        float[] labels = Numbers(labelPath, out int[] labelDims);
        if (labelDims.Length != 1 || labels.Length == 0)
        {
            throw new DataSetException($"'{labelPath}' has shape ({string.Join(", ", labelDims)}); a list of labels, one for each text, is needed");
        }

        ImageShape shape = network.InputShape;
        if ((long)labels.Length * shape.Size > Array.MaxLength)
        {
            throw new DataSetException($"{labels.Length} texts of {shape.Size} values do not fit one array of {Array.MaxLength}; split the set");
        }

        float[] rows = new float[labels.Length * shape.Size];
        string[] files = [.. network.Inputs.Select(input => Path.Combine(path, $"{prefix}.{input.Name}.npy"))];
        foreach ((string file, NetworkInput input) in files.Zip(network.Inputs))
        {
            Place(file, labels.Length, input, labels.Length, shape.Size, rows);
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var request = new ImageSetRequest(path, name, NoPreprocessing, split, network.Classes, limit);
        var texts = labels.Select((label, i) => new ReadyImage($"'{labelPath}', text {i}", Whole(label, labelPath, i), shape, rows.AsMemory(i * shape.Size, shape.Size)));
        return new ImageBatches(request, new StoredSet($"{name}/{prefix}", labels.Length, [.. files, labelPath], texts));
    }

    private static void Place(string path, int texts, NetworkInput input, int count, int stride, float[] rows)
    {
        float[] values = Numbers(path, out int[] dims);
        if (!dims.AsSpan().SequenceEqual([texts, .. input.Dims]))
        {
            throw new DataSetException(
                $"'{path}' has shape ({string.Join(", ", dims)}), the model's input {input} and {texts} labels need ({texts}, "
                    + $"{string.Join(", ", input.Dims)}); tokenise for this model");
        }

        for (int text = 0; text < count; text++)
        {
            values.AsSpan(text * input.Size, input.Size).CopyTo(rows.AsSpan(text * stride + input.Start));
        }
    }

    private static float[] Numbers(string path, out int[] dims)
    {
        switch (NpyReader.TypeOf(path))
        {
            case "<i8":
                NpyArray<long> longs = NpyReader.Read<long>(path);
                dims = longs.Dims;
                return [.. longs.Values.Select((value, i) => Exact(value, path, i))];
            case "<i4":
                NpyArray<int> integers = NpyReader.Read<int>(path);
                dims = integers.Dims;
                return [.. integers.Values.Select((value, i) => Exact(value, path, i))];
            default:
                NpyArray<float> numbers = NpyReader.Read<float>(path);
                dims = numbers.Dims;
                return numbers.Values;
        }
    }

    // Integers above 2^24 are not all different in float32.
    private static float Exact(long value, string path, int at) => value is > -(1 << 24) and < 1 << 24
        ? value
        : throw new DataSetException($"'{path}': value {at} is {value}, outside +-2^24 that float32 holds exactly; these are no token ids");

    private static long Whole(float label, string path, int at) => label == MathF.Truncate(label) && Math.Abs(label) < 1 << 24
        ? (long)label
        : throw new DataSetException($"'{path}', text {at}: label is {label}, a class number is needed; take the labels that belong to the model");

    private static string? Prefix(string path, INetwork network, ImageSplit split) => Prefixes(split).FirstOrDefault(
        prefix => File.Exists(Path.Combine(path, prefix + ".labels.npy")) && network.Inputs.All(input => File.Exists(Path.Combine(path, $"{prefix}.{input.Name}.npy"))));

    private static string[] Prefixes(ImageSplit split) => split == ImageSplit.Test ? ["dev", "test"] : ["calib"];
}
