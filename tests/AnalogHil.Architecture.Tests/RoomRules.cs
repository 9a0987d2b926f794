namespace AnalogHil.Architecture.Tests;

/// <summary>Who may know whom: the house's table of rooms.</summary>
internal static class RoomRules
{
    public static readonly IReadOnlyDictionary<string, string[]> MayReference = new Dictionary<string, string[]>
    {
        ["AnalogHil.Core"] = [],
        ["AnalogHil.Engine"] = ["AnalogHil.Core"],
        ["AnalogHil.Devices"] = ["AnalogHil.Core"],
        ["AnalogHil.Devices.Serial"] = ["AnalogHil.Core", "AnalogHil.Devices"],
        ["AnalogHil.Calibration"] = ["AnalogHil.Core", "AnalogHil.Devices"],
        ["AnalogHil.Precision"] = ["AnalogHil.Core", "AnalogHil.Engine", "AnalogHil.Devices"],
        ["AnalogHil.Rpc"] = [],
        ["AnalogHil.Ledger"] = [],
        ["AnalogHil.Daemon"] =
        [
            "AnalogHil.Core", "AnalogHil.Engine", "AnalogHil.Devices", "AnalogHil.Devices.Serial", "AnalogHil.Calibration", "AnalogHil.Precision", "AnalogHil.Ledger",
            "AnalogHil.Rpc",
        ],
        // Engine, precision and their values for `hil model` and `hil plan`, which look at files on this machine and need no daemon; calibration for the
        // figures of `hil calibrate` and for fitting archived reads again; the serial room for the report of `hil link test`; of the devices only the
        // contract, for what a device that was found says of itself.
        ["AnalogHil.Cli"] =
        [
            "AnalogHil.Calibration", "AnalogHil.Core", "AnalogHil.Daemon", "AnalogHil.Devices", "AnalogHil.Devices.Serial", "AnalogHil.Engine", "AnalogHil.Precision", "AnalogHil.Rpc",
        ],
    };

    /// <summary>Namespaces, by room, that may be imported from a room that is otherwise open.</summary>
    public static readonly IReadOnlyDictionary<(string Room, string Other), string[]> OnlyThrough =
        new Dictionary<(string, string), string[]>
        {
            // Calibration and precision learning see a device through its contract; the simulated physics and its truth stay out of sight.
            [("AnalogHil.Calibration", "AnalogHil.Devices")] = ["AnalogHil.Devices.Contract", "AnalogHil.Devices.Mapping"],
            [("AnalogHil.Precision", "AnalogHil.Devices")] = ["AnalogHil.Devices.Contract", "AnalogHil.Devices.Mapping"],
            [("AnalogHil.Cli", "AnalogHil.Devices")] = ["AnalogHil.Devices.Contract"],
        };

    /// <summary>What a room's code may not name although its assembly could: the physics of a device must not share a formula with what estimates or injects noise.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> NeverNames = new Dictionary<string, string[]>
    {
        ["AnalogHil.Devices"] = ["LayerNoise", "ElementVariance", "LayerScale", "NoiseProfile", "ReferenceNoise"],
        ["AnalogHil.Calibration"] = ["SimulatedDevice", "SimulatedTruth"],
        ["AnalogHil.Precision"] = ["SimulatedDevice", "SimulatedTruth"],
    };
}
