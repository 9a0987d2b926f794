using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace AnalogHil.Cli.Devices;

/// <summary>`hil device settings`: reads the repeats K of every block, or writes some of them.</summary>
internal static class DeviceSettingsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var blocks = new Option<KeyValuePair<int, int>[]>("--block")
        {
            Description = "Number of a block and its K, e.g. 0=8; may be given again. Without it the settings are only read",
            HelpName = "N=K",
            CustomParser = ParseBlocks,
        };
        var mode = new Option<RepeatMode>("--mode")
        {
            Description = "How repeats are made: ReadAndAverage or AccumulateThenRead",
            DefaultValueFactory = _ => RepeatMode.ReadAndAverage,
        };
        var etag = new Option<string?>("--etag") { Description = "Write only if these settings are in force [default: whatever is]", HelpName = "HASH" };
        var dry = new Option<bool>("--validate-only") { Description = "Check, and show the settings as they would be; write nothing" };
        var staged = new Option<bool>("--staged") { Description = "Read the staged settings instead of those in force" };
        var command = new Command(
            "settings",
            """
            Reads the settings of a device, or writes K of some blocks: staged, read back, compared, put in force and read back again.

            Examples:
              hil device settings crossbar
              hil device settings crossbar --block 0=8 --block 1=4
            """)
        {
            bench, blocks, mode, etag, dry, staged,
        };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            KeyValuePair<int, int>[] asked = parsed.GetValue(blocks) ?? [];
            Settings settings = asked.Length == 0
                ? (await session.CallAsync((invoker, options) => new DeviceService.DeviceServiceClient(invoker).GetSettingsAsync(
                    new GetSettingsRequest { Bench = parsed.GetRequiredValue(bench), Staged = parsed.GetValue(staged) }, options))).Settings
                : await WriteAsync(session, new UpdateSettingsRequest
                {
                    Bench = parsed.GetRequiredValue(bench),
                    Mutation = session.NewMutation(),
                    Settings = SettingsOf(asked, parsed.GetValue(mode)),
                    UpdateMask = new FieldMask { Paths = { asked.Select(block => string.Create(CultureInfo.InvariantCulture, $"blocks.{block.Key}")) } },
                    Etag = parsed.GetValue(etag) ?? "",
                    ValidateOnly = parsed.GetValue(dry),
                });
            return session.Show(settings, console => Write(settings, console));
        });
        return command;
    }

    private static async Task<Settings> WriteAsync(RemoteSession session, UpdateSettingsRequest request)
    {
        var devices = new DeviceService.DeviceServiceClient(session.Invoker);
        if (request.ValidateOnly)
        {
            return (await session.CallAsync((_, options) => devices.UpdateSettingsAsync(request, options))).Settings;
        }

        // The settings as they will be: what tells, after an unknown outcome, whether they were written.
        UpdateSettingsRequest dry = request.Clone();
        dry.ValidateOnly = true;
        dry.Mutation.RequestId = Guid.NewGuid().ToString();
        string wanted = (await session.CallAsync((_, options) => devices.UpdateSettingsAsync(dry, options))).Settings.Etag;
        return await Reconciliation.OfAsync(
            async () => (await session.CallAsync((_, options) => devices.UpdateSettingsAsync(request, options))).Settings,
            async () => (await session.CallAsync((_, options) => devices.GetSettingsAsync(new GetSettingsRequest { Bench = request.Bench }, options))).Settings,
            settings => settings.Etag == wanted);
    }

    private static Settings SettingsOf(KeyValuePair<int, int>[] blocks, RepeatMode mode)
    {
        var settings = new Settings();
        foreach ((int block, int repeats) in blocks)
        {
            settings.Blocks[block] = new BlockSettings { Mode = mode, Repeats = { repeats } };
        }

        return settings;
    }

    private static void Write(Settings settings, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("block").AddColumn("mode").AddColumn("K");
        foreach ((int number, BlockSettings block) in settings.Blocks.OrderBy(block => block.Key))
        {
            table.AddRow(number.ToString(CultureInfo.InvariantCulture), block.Mode.ToString(), string.Join(", ", block.Repeats));
        }

        console.Write(table);
        console.WriteLine($"blocks that are not listed run with K = 1; etag {settings.Etag}");
    }

    private static KeyValuePair<int, int>[]? ParseBlocks(ArgumentResult result)
    {
        var blocks = new List<KeyValuePair<int, int>>();
        foreach (Token token in result.Tokens)
        {
            string[] parts = token.Value.Split('=');
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int block)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int repeats) || repeats < 1)
            {
                result.AddError($"--block is {token.Value}, must be the number of a block and its K, such as 0=8");
                return null;
            }

            blocks.Add(new KeyValuePair<int, int>(block, repeats));
        }

        return [.. blocks];
    }
}
