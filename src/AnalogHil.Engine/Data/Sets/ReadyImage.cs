namespace AnalogHil.Engine.Data.Sets;

/// <summary>One image that is the model's input already: no preprocessing applies to it.</summary>
/// <param name="Source">File and place, for messages.</param>
/// <param name="Label">Label of the data.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">[C x H x W].</param>
internal sealed record ReadyImage(string Source, long Label, ImageShape Shape, ReadOnlyMemory<float> Values)
    : StoredImage(Source, Label, Shape.Channels, Shape.Height, Shape.Width);
