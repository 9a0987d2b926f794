using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>Applies what a client asks for to the settings in force, by the paths of its field mask.</summary>
internal static class SettingsMerge
{
    private const string All = "blocks";

    /// <summary>The settings as they would be.</summary>
    /// <param name="inForce">Settings in force.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="can">What the device declares.</param>
    /// <param name="blocks">Programmed blocks.</param>
    /// <exception cref="CampaignException">RequestInvalid with every bad field.</exception>
    public static RedundancySettings Apply(
        RedundancySettings inForce, UpdateSettingsRequest request, DeviceCapabilities can, IReadOnlyDictionary<int, MatrixSize> blocks)
    {
        var checks = new FieldChecks();
        Settings asked = request.Settings ?? new Settings();
        Settings merged = inForce.ToMessage();
        IEnumerable<string> paths = request.UpdateMask is { Paths.Count: > 0 } mask ? mask.Paths : [All];
        foreach (string path in paths)
        {
            Apply(path, asked, merged, checks);
        }

        foreach ((int number, BlockSettings block) in merged.Blocks)
        {
            string field = string.Create(CultureInfo.InvariantCulture, $"settings.blocks[{number}]");
            if (checks.Require(blocks.TryGetValue(number, out MatrixSize size), field, "is not programmed in this session; program the device first"))
            {
                Check(block, field, size, can, checks);
            }
        }

        checks.ThrowIfAny();
        return DeviceMessages.ToSettings(merged.Blocks);
    }

    private static void Apply(string path, Settings asked, Settings merged, FieldChecks checks)
    {
        if (path is All or "*")
        {
            merged.Blocks.Clear();
            merged.Blocks.Add(asked.Blocks);
            return;
        }

        string[] parts = path.Split('.');
        if (parts[0] != All || parts.Length is < 2 or > 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || (parts.Length == 3 && parts[2] is not ("mode" or "repeats")))
        {
            checks.Add("update_mask", $"names '{path}'; paths are blocks, blocks.NUMBER, blocks.NUMBER.mode and blocks.NUMBER.repeats");
            return;
        }

        BlockSettings? given = asked.Blocks.GetValueOrDefault(number);
        if (parts.Length == 2)
        {
            merged.Blocks.Remove(number);
            if (given is not null)
            {
                merged.Blocks[number] = given;
            }

            return;
        }

        if (given is null)
        {
            checks.Add("update_mask", $"names '{path}', and settings.blocks has no entry {number}; give it");
            return;
        }

        if (!merged.Blocks.TryGetValue(number, out BlockSettings? there))
        {
            // A block without settings runs with K = 1 in whatever mode comes to be given.
            there = new BlockSettings { Mode = RepeatMode.ReadAndAverage, Repeats = { 1 } };
            merged.Blocks[number] = there;
        }

        if (parts[2] == "mode")
        {
            there.Mode = given.Mode;
        }
        else
        {
            there.Repeats.Clear();
            there.Repeats.Add(given.Repeats);
        }
    }

    private static void Check(BlockSettings block, string field, MatrixSize size, DeviceCapabilities can, FieldChecks checks)
    {
        if (DeviceMessages.ModeOf(block.Mode) is not { } mode || !can.MaxRepeats.TryGetValue(mode, out int most))
        {
            string offered = string.Join(", ", can.MaxRepeats.Keys.Where(one => one != RedundancyMode.SpatialCopies).Order().Select(DeviceMessages.ModeOf));
            checks.Add(field + ".mode", $"is {block.Mode}, which this device does not offer in time; choose one of {offered}");
            return;
        }

        int entries = block.Repeats.Count;
        checks.Require(
            entries == 1 || (entries == size.Columns && can.RepeatsPerColumn),
            field + ".repeats",
            $"has {entries} entries, allowed are 1{(can.RepeatsPerColumn ? $" or {size.Columns}, one for each column" : "")}");
        for (int i = 0; i < entries; i++)
        {
            int repeats = block.Repeats[i];
            if (!checks.Require(repeats >= 1 && repeats <= most, $"{field}.repeats[{i}]", $"is {repeats}, {block.Mode} allows 1 to {most}"))
            {
                return;
            }
        }
    }
}
