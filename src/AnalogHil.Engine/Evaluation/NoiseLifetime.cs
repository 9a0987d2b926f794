using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AnalogHil.Engine.Evaluation;

/// <summary>How long a draw of a noise law holds.</summary>
/// <param name="ImagesPerDraw">Consecutive images of the data set that share a draw over all their output positions; 0 for a draw in every read.</param>
public readonly record struct NoiseLifetime(int ImagesPerDraw)
{
    /// <summary>Images of a batch where no number is written: those of a learning step of Garg et al. 2021.</summary>
    public const int PaperBatch = 32;

    /// <summary>A draw for every read: every output element of every image.</summary>
    public static NoiseLifetime PerRead { get; } = new(0);

    /// <summary>A draw for every image, held over its output positions.</summary>
    public static NoiseLifetime PerInference { get; } = new(1);

    /// <summary>Whether draws outlive a read.</summary>
    public bool IsHeld => ImagesPerDraw > 0;

    /// <summary>A draw for each so many images, as the code of Garg et al. 2021 draws weight noise.</summary>
    public static NoiseLifetime PerBatch(int images) =>
        new(images >= 1 ? images : throw new ArgumentOutOfRangeException(nameof(images), images, "a batch has at least 1 image"));

    /// <summary>Reads <c>read</c>, <c>inference</c>, <c>batch</c> (of <see cref="PaperBatch"/> images) or <c>batchN</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoiseLifetime? lifetime)
    {
        const string Batch = "batch";
        lifetime = text switch
        {
            "read" => PerRead,
            "inference" => PerInference,
            Batch => PerBatch(PaperBatch),
            _ when text.StartsWith(Batch, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(Batch.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int images) && images >= 1 => PerBatch(images),
            _ => null,
        };
        return lifetime is not null;
    }

    /// <summary>In words: per read, per inference, per batch of n images.</summary>
    public override string ToString() => ImagesPerDraw switch
    {
        0 => "per read",
        1 => "per inference",
        _ => string.Create(CultureInfo.InvariantCulture, $"per batch of {ImagesPerDraw} images"),
    };
}
