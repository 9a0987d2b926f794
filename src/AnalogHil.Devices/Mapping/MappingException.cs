namespace AnalogHil.Devices.Mapping;

/// <summary>A network that does not fit the device. The message names the layer, what it needs, what there is, and a remedy.</summary>
public sealed class MappingException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="layer">Layer that did not fit.</param>
    /// <param name="message">Cause, value, limit and remedy.</param>
    public MappingException(string layer, string message)
        : base(message) => Layer = layer;

    /// <summary>Layer that did not fit.</summary>
    public string Layer { get; }
}
