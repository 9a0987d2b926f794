using System.Text.Json;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Serialization;

namespace AnalogHil.Calibration.Suite;

/// <summary>
/// The folder of one calibration: settings of the fits, reads and result of each routine, and what was done. Everything is written as soon as it is known, so
/// that a calibration stopped at any read goes on there.
/// </summary>
/// <param name="path">Folder; made if missing.</param>
public sealed class RunFolder(string path)
{
    private const string SettingsFile = "settings.json";
    private const string EntriesFile = "routines.json";
    private const string ReadsFolder = "reads";
    private const string ResultsFolder = "results";

    /// <summary>Folder.</summary>
    public string Location { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Whether a calibration was begun here.</summary>
    public bool IsBegun => File.Exists(Of(SettingsFile));

    /// <summary>Settings of the fits; null before the first reads.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public FitSettings? Settings => Read<FitSettings>(SettingsFile);

    /// <summary>What was done so far, by routine.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public Dictionary<string, RoutineEntry> Entries => Read<Dictionary<string, RoutineEntry>>(EntriesFile) ?? [];

    /// <summary>A routine's result; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public RoutineResult? ResultOf(string routine) => Read<RoutineResult>(System.IO.Path.Combine(ResultsFolder, routine + ".json"));

    /// <summary>Keeps the settings of the fits.</summary>
    public void Keep(FitSettings settings) => Write(SettingsFile, settings);

    /// <summary>Keeps what was done about a routine; the result first, so that an entry never stands without it.</summary>
    public void Keep(string routine, RoutineEntry entry, RoutineResult? result)
    {
        if (result is not null)
        {
            Write(System.IO.Path.Combine(ResultsFolder, routine + ".json"), result);
        }

        Dictionary<string, RoutineEntry> entries = Entries;
        entries[routine] = entry;
        Write(EntriesFile, entries);
    }

    /// <summary>The folder that a routine's reads are to go to: the one that was begun on this power-up of the device, else a new one.</summary>
    /// <param name="routine">Routine.</param>
    /// <param name="provenance">The device as it answers now.</param>
    /// <param name="fresh">Begin a new one in any case: the last one belongs to a finished measurement.</param>
    /// <returns>Folder, relative to <see cref="Location"/>.</returns>
    public string ReadsOf(string routine, ArchiveProvenance provenance, bool fresh)
    {
        for (int number = 1; ; number++)
        {
            string name = number == 1 ? routine : $"{routine}.{number}";
            string folder = System.IO.Path.Combine(ReadsFolder, name);
            if (!Directory.Exists(Of(folder)))
            {
                return folder;
            }

            bool last = !Directory.Exists(Of(System.IO.Path.Combine(ReadsFolder, $"{routine}.{number + 1}")));
            if (last && !fresh && FolderReadArchive.Load(Of(folder)).Provenance.Device == provenance.Device)
            {
                return folder;
            }
        }
    }

    /// <summary>Path of something in the folder.</summary>
    public string Of(string relative) => System.IO.Path.Combine(Location, relative);

    private T? Read<T>(string file)
        where T : class
    {
        string full = Of(file);
        if (!File.Exists(full))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(full), ResultJson.Options);
        }
        catch (Exception damaged) when (damaged is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{full} is damaged: {damaged.Message}; fit the reads again (hil calibrate refit), "
                + "or calibrate into another folder", damaged);
        }
    }

    private void Write<T>(string file, T value)
    {
        string full = Of(file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);

        // Whole or not at all: a process may die at any moment.
        string beside = full + ".new";
        using (FileStream stream = File.Create(beside))
        {
            JsonSerializer.Serialize(stream, value, ResultJson.Options);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, full, overwrite: true);
    }
}
