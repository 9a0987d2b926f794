using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Campaign.Networks;

/// <summary>A network as it runs with a plan that was learned with digital gains and offsets, and maybe with full scales of its own: settings alone do not hold it.</summary>
internal sealed class LearnedVariant
{
    private readonly PrecisionResult _learned;

    private LearnedVariant(PrecisionResult learned)
    {
        _learned = learned;
        Hash = HashOf(learned);
    }

    /// <summary>SHA-256 of gains, offsets and full scales, lower-case hex: tells two variants apart.</summary>
    public string Hash { get; }

    /// <summary>Whether inputs and weights are cut at full scales of the plan, so that other weights are programmed.</summary>
    public bool HasFullScales => !_learned.FullScales.IsDefaultOrEmpty;

    /// <summary>What a person must know who reads the device's products himself.</summary>
    public string Note => HasFullScales
        ? "the plan goes with full scales of its own, at which inputs and weights are cut, and with a digital gain and offset behind every product: a validation applies them, "
            + "raw products of the device lack them"
        : "the plan goes with a digital gain and offset behind every product: a validation applies them, raw products of the device lack them";

    /// <summary>The variant that a plan is for; null where that is the network itself.</summary>
    public static LearnedVariant? Of(PrecisionResult learned) =>
        learned.Corrections.IsDefaultOrEmpty && learned.FullScales.IsDefaultOrEmpty ? null : new LearnedVariant(learned);

    /// <summary>All of it: what the device computes, and gain and offset behind every product.</summary>
    /// <exception cref="Precision.PrecisionException">It is of another network.</exception>
    public INetwork On(INetwork network) => DeployedNetwork.Of(network, _learned);

    /// <summary>Where its weights lie, and with which full scales.</summary>
    /// <param name="network">The clean network.</param>
    /// <param name="can">What the device declares.</param>
    /// <param name="map">Where the matrices sit.</param>
    /// <param name="calibration">Examples that show how far reads reach.</param>
    /// <exception cref="Precision.PrecisionException">It is of another network.</exception>
    public NetworkOnDevice LayOut(INetwork network, DeviceCapabilities can, TileMap map, LabelledImages calibration) => HasFullScales
        ? NarrowedNetwork.LayOut((OnnxNetwork)On(network), _learned.FullScales, can, map, calibration)
        : FittedLayout.Of(network, can, map, calibration);

    private static string HashOf(PrecisionResult learned)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Lengths keep two lists apart that hold the same numbers cut elsewhere.
        foreach (NodeCorrection? correction in learned.Corrections.IsDefault ? [] : learned.Corrections)
        {
            Add<int>([correction?.Gain.Length ?? 0]);
            Add<float>(correction?.Gain ?? []);
            Add<float>(correction?.Offset ?? []);
        }

        foreach (NodeFullScale scale in learned.FullScales.IsDefault ? [] : learned.FullScales)
        {
            Add<int>([scale.Weights.Length, scale.IsSigned ? 1 : 0]);
            Add<double>([scale.Input]);
            Add<double>(scale.Weights);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add<T>(ReadOnlySpan<T> values)
            where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));
    }
}
