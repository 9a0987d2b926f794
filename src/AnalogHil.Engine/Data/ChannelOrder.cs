namespace AnalogHil.Engine.Data;

/// <summary>Which channels a model's input has, in which order.</summary>
public enum ChannelOrder
{
    /// <summary>One channel. Colour images are refused.</summary>
    Gray,

    /// <summary>Red, green, blue. A grey image gives the same value three times.</summary>
    Rgb,

    /// <summary>Blue, green, red. A grey image gives the same value three times.</summary>
    Bgr,
}
