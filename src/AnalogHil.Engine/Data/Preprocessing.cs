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

    /// <summary>The declaration beside a model.</summary>
    /// <param name="modelPath">Path of the .onnx file.</param>
    /// <exception cref="DataSetException">It is missing, damaged or contradictory.</exception>
    public static Preprocessing ForModel(string modelPath) => PreprocessingFile.Read(Path.ChangeExtension(modelPath, null) + Extension);

    /// <summary>Reads a declaration.</summary>
    /// <exception cref="DataSetException">It is missing, damaged or contradictory.</exception>
    public static Preprocessing Load(string path) => PreprocessingFile.Read(path);
}
