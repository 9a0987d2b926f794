namespace AnalogHil.Engine.Data.Sets;

/// <summary>One image as its file holds it.</summary>
/// <param name="Source">File and place, for messages.</param>
/// <param name="Label">Label of the data.</param>
/// <param name="Channels">1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
internal abstract record StoredImage(string Source, long Label, int Channels, int Height, int Width);
