namespace AnalogHil.Engine.Data;

/// <summary>Preprocessed images with their classes.</summary>
/// <param name="Name">Name of the set and split, for records.</param>
/// <param name="Shape">Shape of one image.</param>
/// <param name="Pixels">[count x C x H x W] float32, as the model wants them.</param>
/// <param name="Labels">[count] class indices.</param>
public sealed record LabelledImages(string Name, ImageShape Shape, float[] Pixels, int[] Labels)
{
    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Which images of a larger set these are, where only some of it were read; null for a set as it is.</summary>
    public DrawnPlaces? Drawn { get; init; }

    /// <summary>Images of the set, read or not.</summary>
    public int SetCount => Drawn?.Of ?? Count;

    /// <summary>Images <paramref name="start"/> .. <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    public ReadOnlyMemory<float> Slice(int start, int count) => Pixels.AsMemory(start * Shape.Size, count * Shape.Size);
}
