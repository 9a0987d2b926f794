using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;

namespace AnalogHil.Devices.Benches;

/// <summary>A bench file that was read and found good: one device and how it is reached.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Name of the bench.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Architecture">Family of the device.</param>
/// <param name="Sha256">Of the file's bytes, lower-case hex.</param>
/// <param name="Guard">How the device is watched.</param>
public abstract record BenchFile(string Path, string Name, string Description, DeviceArchitecture Architecture, string Sha256, GuardOptions Guard)
{
    /// <summary>Value of "driver" for devices of this program; the one when it is left out.</summary>
    public const string Simulated = "simulated";

    /// <summary>Value of "driver" for devices behind a serial port.</summary>
    public const string Serial = "serial";

    /// <summary>Reads a bench file of any driver.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profiles">Folder of the profiles of simulated devices, when it is not <c>../profiles</c> beside the file's folder.</param>
    /// <exception cref="BenchFileException">The file or what it refers to is missing or wrong; holds every error.</exception>
    public static BenchFile Load(string path, string? profiles = null)
    {
        // Read once: the hash is of the very bytes that were understood, even when somebody is writing the file.
        byte[] bytes = BenchJson.Read(path);
        (JsonNodeReader root, List<BenchFileError> errors) = BenchJson.Parse(path, bytes);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        BenchFile? bench = root.Choice("driver", [Simulated, Serial], Simulated) switch
        {
            Simulated => Bench.Read(root, errors, path, sha256, profiles),
            Serial => SerialBenchReader.Read(root, path, sha256),
            _ => null,
        };
        BenchJson.ThrowIfAny(path, errors);
        return bench!;
    }
}
