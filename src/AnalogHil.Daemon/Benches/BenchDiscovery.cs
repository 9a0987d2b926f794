using System.Collections.Immutable;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Benches;

/// <summary>Asks the lines of this machine who is there, and which bench files are for it.</summary>
internal static class BenchDiscovery
{
    /// <summary>Asks every place.</summary>
    /// <param name="places">Terminals and bench files; the serial ports of this machine when there are none.</param>
    /// <param name="baud">Rate of terminals.</param>
    /// <param name="benches">Directory of the bench files that are compared.</param>
    /// <param name="limit">Longest wait for each answer.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="CampaignException">BenchInvalid: a place is a bench file that is wrong.</exception>
    public static async Task<ImmutableArray<DiscoveredLine>> RunAsync(
        IReadOnlyList<string> places, int baud, string benches, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        SerialBench[] files = Directory.Exists(benches) ? [.. BenchCatalog.List(benches).Select(entry => entry.Bench).OfType<SerialBench>()] : [];
        var lines = ImmutableArray.CreateBuilder<DiscoveredLine>();
        foreach (string place in places.Count > 0 ? places : PortScan.Ports())
        {
            SerialBench? bench = SerialLines.BenchOf(place);
            FoundDevice found = await PortScan.AskAsync(
                place, token => SerialLines.OpenAsync(place, bench, baud, time, token), bench?.Baud ?? baud, limit, time,
                cancellationToken).ConfigureAwait(false);
            IEnumerable<SerialBench> named = bench is null ? files.Where(file => file.Port is { } port && IsSame(port, place)) : [bench];
            lines.Add(new DiscoveredLine(found, [.. named.Select(file => new BenchMatch(file.Name, file.Path, ProblemOf(file, found)))]));
        }

        return lines.ToImmutable();
    }

    /// <summary>A bench file for a device that was found.</summary>
    /// <exception cref="CampaignException">OutputUnwritable: there is such a file already, or it cannot be written.</exception>
    public static void Write(FoundDevice found, string path)
    {
        string name = new([.. found.Identity!.Uid.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')]);
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew);
            using var json = new System.Text.Json.Utf8JsonWriter(
                file, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteStartObject();
            json.WriteString("driver", BenchFile.Serial);
            json.WriteString("name", name);
            json.WriteString("description", $"{found.Identity.Uid}, firmware {found.Identity.Firmware}");
            json.WriteString("architecture", ArchitectureNames.Of(found.Identity.Architecture));
            json.WriteStartObject("serial");
            json.WriteString("port", found.Port);
            json.WriteNumber("baud", found.Baud);
            json.WriteNumber("watchdogMilliseconds", found.WatchdogMilliseconds);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(ErrorReason.OutputUnwritable, $"{path} cannot be written: {failure.Message}; name another file", failure);
        }
    }

    private static string ProblemOf(SerialBench bench, FoundDevice found) =>
        found.Identity is not { } identity ? found.Problem
        : identity.Architecture != bench.Architecture
            ? $"is for a {ArchitectureNames.Of(bench.Architecture)}, {identity.Uid} is a {ArchitectureNames.Of(identity.Architecture)}"
        : found.WatchdogMilliseconds > bench.LongestWatchdog.TotalMilliseconds
            ? $"allows a watchdog of {bench.LongestWatchdog.TotalMilliseconds} ms, {identity.Uid} has {found.WatchdogMilliseconds} ms"
        : found.Baud != bench.Baud ? $"has {bench.Baud} baud, {identity.Uid} answers at {found.Baud}"
        : "";

    // Ports have lasting names that are links.
    private static bool IsSame(string one, string other) => Target(one) == Target(other);

    private static string Target(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
}
