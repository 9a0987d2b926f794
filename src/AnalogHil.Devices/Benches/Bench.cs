using System.Collections.Immutable;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Benches;

/// <summary>The bench of a simulated device: everything needed to open it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Name of the bench.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Architecture">Family of the device.</param>
/// <param name="Profile">Name of the profile it starts from.</param>
/// <param name="Sha256">Of the file's bytes, lower-case hex.</param>
/// <param name="Device">The simulated device.</param>
/// <param name="Faults">What goes wrong with it.</param>
/// <param name="Guard">How it is watched.</param>
/// <param name="Values">Physics, times, energies and static costs in force with their sources; class "bench" where the bench overrides its profile.</param>
public sealed record Bench(
    string Path,
    string Name,
    string Description,
    DeviceArchitecture Architecture,
    string Profile,
    string Sha256,
    SimulatedDeviceOptions Device,
    FaultPlan Faults,
    GuardOptions Guard,
    ImmutableArray<ProfileValue> Values) : BenchFile(Path, Name, Description, Architecture, Sha256, Guard)
{
    /// <summary>"cells" when every cell has its own state, "lumped" when one variance an output stands for all.</summary>
    public string Tier => Device.Physics is CellPhysics ? "cells" : "lumped";

    /// <summary>Standard deviation of a programmed weight about its target, weights in [-1, 1]; 0 for cells that take what is written.</summary>
    public double ProgrammingError => Device.Physics.ProgrammingError;

    /// <summary>Reads the bench file of a simulated device; its profile is looked for in <c>../profiles</c> beside the file's folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profiles">Folder of the profiles, when it is another one.</param>
    /// <exception cref="BenchFileException">The file or its profile is missing or wrong, or its device is not simulated; holds every error.</exception>
    public static new Bench Load(string path, string? profiles = null)
    {
        BenchFile bench = BenchFile.Load(path, profiles);
        return bench as Bench
            ?? throw new BenchFileException(path, [new BenchFileError("/driver", "is not simulated, a simulated device is needed here", "name the bench of a simulated device")]);
    }

    internal static Bench? Read(JsonNodeReader root, List<BenchFileError> errors, string path, string sha256, string? profiles)
    {
        string folder = profiles
            ?? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, "..", "profiles");
        Bench? bench = new BenchReader(root, name => FindProfile(root, folder, name)).Read(path, sha256);
        if (bench is not null && errors.Count == 0)
        {
            errors.AddRange(bench.Device.Problems().Select(problem => new BenchFileError("", problem, "change it")));
        }

        return bench;
    }

    /// <summary>Powers the device up and returns it safe, identified, guarded, and with the bench's faults in its link.</summary>
    /// <param name="time">Clock of deadlines and delays.</param>
    /// <param name="seed">Another individual of the same kind; null for the file's own.</param>
    /// <param name="noiseSeed">Seed of its read noise; null for the individual's. The same device with another one draws other noise.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public ValueTask<IAnalogDevice> OpenAsync(
        TimeProvider time, ulong? seed = null, ulong? noiseSeed = null, CancellationToken cancellationToken = default) =>
        OpenAsync(Device with { Seed = seed ?? Device.Seed, NoiseSeed = noiseSeed ?? Device.NoiseSeed }, time, cancellationToken);

    /// <summary>Finds a device that stayed powered: the same individual and power-up, with noise that goes on.</summary>
    /// <param name="time">Clock of deadlines and delays.</param>
    /// <param name="powerUp">Name of the power-up.</param>
    /// <param name="noiseSeed">Seed of its noise from now on.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public ValueTask<IAnalogDevice> ReopenAsync(TimeProvider time, string powerUp, ulong noiseSeed, CancellationToken cancellationToken = default) =>
        OpenAsync(Device with { NoiseSeed = noiseSeed, PowerUp = powerUp }, time, cancellationToken);

    private async ValueTask<IAnalogDevice> OpenAsync(SimulatedDeviceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        IAnalogDevice device = new SimulatedDevice(options);
        if (!Faults.Rules.IsEmpty)
        {
            device = new FaultyDevice(device, Faults, time);
        }

        var guarded = new GuardedDevice(device, Guard, time);
        try
        {
            await guarded.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await guarded.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return guarded;
    }

    private static DeviceProfile? FindProfile(JsonNodeReader root, string folder, string name)
    {
        string[] known = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.json").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
            : [];
        if (!known.Contains(name))
        {
            string near = Spelling.Nearest(name, known) is { } word ? $" (did you mean {word}?)" : "";
            root.Report("profile", $"is {name}, there are {(known.Length == 0 ? "none" : string.Join(", ", known))} in {folder}", $"name one of these{near}");
            return null;
        }

        try
        {
            return DeviceProfile.Load(System.IO.Path.Combine(folder, name + ".json"));
        }
        catch (BenchFileException broken)
        {
            foreach (BenchFileError error in broken.Errors)
            {
                root.Report("profile", $"is {name}, whose file is wrong at {(error.Location.Length == 0 ? "its start" : error.Location)}: {error.Problem}", error.Remedy);
            }

            return null;
        }
    }
}
