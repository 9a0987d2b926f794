using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Evaluation;

/// <summary>Which model is judged on which images, and how it computes.</summary>
/// <param name="ModelPath">ONNX file.</param>
/// <param name="DataDirectory">Directory that <see cref="ImageSets"/> can open.</param>
/// <param name="Preprocessing">From its pixels to the model's input.</param>
public sealed record EvaluationRequest(string ModelPath, string DataDirectory, Func<OnnxNetwork, Preprocessing> Preprocessing)
{
    /// <summary>Split that is judged.</summary>
    /// <value>Default: test.</value>
    public ImageSplit Split { get; init; } = ImageSplit.Test;

    /// <summary>At most so many images, the first ones.</summary>
    /// <value>Default: all. At least 1.</value>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>Noise of every analog node; null for none.</summary>
    public ReferenceLaws? Noise { get; init; }

    /// <summary>Seed of the noise.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; they change no result.</summary>
    /// <value>Default: the number of processors. At least 1.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether inputs and weights of analog nodes are rounded to 8 bits.</summary>
    public bool Quantised { get; init; }

    /// <summary>Directory of the images that input ranges are observed on; null for the calibration split of <see cref="DataDirectory"/>.</summary>
    public string? CalibrationDirectory { get; init; }
}
