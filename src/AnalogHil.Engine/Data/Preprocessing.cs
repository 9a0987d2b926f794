namespace AnalogHil.Engine.Data;

/// <summary>
/// From the pixels of a picture to a model's input: x = (scale p - mean) / std for each channel, p the pixel 0 .. 255; no resizing.
/// Declared in a file beside the model, <c>NAME.preprocess.json</c> for <c>NAME.onnx</c>.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Ending of the file beside the model.</summary>
    public const string Extension = ".preprocess.json";

    /// <summary>Channels of the model's input.</summary>
    public required ChannelOrder Channels { get; init; }

    /// <summary>Factor of the pixel before the mean is subtracted: 1 where mean and std are in pixel units, 1/255 where in units of full white.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>One value for all channels or one for each, in the order of <see cref="Channels"/>.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    /// <summary>One value for all channels or one for each, in the order of <see cref="Channels"/>; above 0.</summary>
    public IReadOnlyList<double> Std { get; init; } = [1];

    /// <summary>Height and width of the centre that is cut out; null for the whole picture. The odd pixel stays at the bottom and right.</summary>
    public (int Height, int Width)? Crop { get; init; }

    /// <summary>Class of the logits minus label of the data: 1 for models whose class 0 means background.</summary>
    public int LabelOffset { get; init; }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => Channels == ChannelOrder.Gray ? 1 : 3;

    /// <summary>Grey, pixel / 255: how the models of this project were trained.</summary>
    public static Preprocessing UnitGray { get; } = new() { Channels = ChannelOrder.Gray, Std = [255] };

    /// <summary>SHA-256 of the model files that it is for, lower-case hexadecimal; empty where it says nothing of them.</summary>
    public IReadOnlyList<string> ModelSha256 { get; init; } = [];

    /// <summary>Path of the file it was read from; null where it was made in code.</summary>
    public string? Source { get; init; }

    /// <summary>The declaration for a model: the file beside it; where there is none, the one among others that names the model's hash.</summary>
    /// <param name="modelPath">Path of the .onnx file.</param>
    /// <param name="modelSha256">Its SHA-256, lower-case hexadecimal.</param>
    /// <param name="declarations">Directory of further declarations (*.json), for models that stand where no file can be put beside them; it may be
    /// missing.</param>
    /// <exception cref="DataSetException">There is none or more than one, it is damaged or contradictory, or that beside the model is for another
    /// model.</exception>
    public static Preprocessing ForModel(string modelPath, string modelSha256, string declarations) =>
        Find(modelPath, modelSha256, declarations) ?? throw new DataSetException(Missing(modelPath, modelSha256, declarations));

    /// <summary>As <see cref="ForModel(string, string, string)"/>, but null where there is none.</summary>
    /// <inheritdoc cref="ForModel(string, string, string)" path="/param"/>
    /// <exception cref="DataSetException">There is more than one, it is damaged or contradictory, or that beside the model is for another model.</exception>
    public static Preprocessing? Find(string modelPath, string modelSha256, string declarations)
    {
        string beside = Path.ChangeExtension(modelPath, null) + Extension;
        if (File.Exists(beside))
        {
            Preprocessing own = PreprocessingFile.Read(beside);
            return own.ModelSha256.Count == 0 || own.ModelSha256.Contains(modelSha256)
                ? own
                : throw new DataSetException(
                    $"'{beside}' is for models of SHA-256 {string.Join(", ", own.ModelSha256)}, '{modelPath}' has {modelSha256}; declare what this model "
                        + "takes, and its hash or none");
        }

        Preprocessing[] others = Directory.Exists(declarations)
            ? [.. Directory.EnumerateFiles(declarations, "*.json").Order(StringComparer.Ordinal).Select(PreprocessingFile.Read).Where(other => other.ModelSha256.Contains(modelSha256))]
            : [];
        return others.Length switch
        {
            1 => others[0],
            0 => null,
            _ => throw new DataSetException(
                $"'{others[0].Source}' and '{others[1].Source}' both name the SHA-256 of '{modelPath}'; keep one of them, or put a declaration beside the "
                    + "model"),
        };
    }

    /// <summary>Says where a model's declaration was looked for, and what it would be.</summary>
    /// <inheritdoc cref="ForModel(string, string, string)" path="/param"/>
    public static string Missing(string modelPath, string modelSha256, string declarations) =>
        $"no declaration of preprocessing for '{modelPath}': not at '{Path.ChangeExtension(modelPath, null) + Extension}', and none in '{declarations}' "
            + $"names its SHA-256 {modelSha256}; it says how pixels become the model's input, e.g. {PreprocessingFile.Example}";

    /// <summary>The declaration beside a model.</summary>
    /// <param name="modelPath">Path of the .onnx file.</param>
    /// <exception cref="DataSetException">It is missing, damaged or contradictory.</exception>
    public static Preprocessing ForModel(string modelPath) => PreprocessingFile.Read(Path.ChangeExtension(modelPath, null) + Extension);

    /// <summary>Reads a declaration.</summary>
    /// <exception cref="DataSetException">It is missing, damaged or contradictory.</exception>
    public static Preprocessing Load(string path) => PreprocessingFile.Read(path);
}
