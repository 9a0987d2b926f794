namespace AnalogHil.Daemon.Records;

/// <summary>The network.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="AnalogLayers">Matrix products that run on the device.</param>
/// <param name="Macs">Their multiply-accumulates for one image.</param>
public sealed record ModelRecord(string Name, int Classes, int AnalogLayers, long Macs)
{
    /// <summary>Where products of two activations were computed, and why; null for a network without any.</summary>
    public ProductsRecord? ActivationProducts { get; init; }
}
