using System.Globalization;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Devices;

/// <summary>Devices as tables.</summary>
internal static class DeviceView
{
    /// <summary>One line for each.</summary>
    public static void Write(IEnumerable<Device> devices, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("bench").AddColumn("architecture").AddColumn("state").AddColumn("used by").AddColumn("device");
        foreach (Device device in devices)
        {
            table.AddRow(
                Markup.Escape(device.Bench),
                Markup.Escape(device.Architecture),
                StateOf(device.State),
                Markup.Escape(device.Holder),
                Markup.Escape(device.Identification?.Uid ?? (device.Simulated ? "simulated" : "")));
        }

        console.Write(table);
    }

    /// <summary>Everything about one.</summary>
    public static void Write(Device device, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("figure").AddColumn("value");
        Add("bench", $"{device.Bench} ({device.Path})");
        Add("architecture", device.Architecture + (device.Simulated ? ", simulated" : ""));
        Add("state", device.State.ToString().ToLowerInvariant());
        Add("used by", device.Holder.Length > 0 ? device.Holder : "nobody");
        if (device.Identification is { } who)
        {
            Add("device", $"{who.Uid}, firmware {who.Firmware}, boot {who.BootId}");
        }

        if (device.Capabilities is { } can)
        {
            Add("tiles", Text($"{can.Tiles} of {can.Rows} x {can.Columns}"));
            Add("converters", Text($"input {can.DacBits} bits, output {can.AdcBits} bits over +-{can.AdcFullScale} dot-product units"));
            Add("repeats", string.Join(", ", can.Modes.Select(mode => Text($"{mode.Mode} up to K = {mode.MaxRepeats}"))));
            Add("one read", Text($"{can.ReadTimeNanoseconds} ns; {can.EnergyPerMacJoules} J a MAC (declared)"));
        }

        if (device.Telemetry is { } now)
        {
            Add("reads", Text($"{now.Reads:N0}"));
            Add("energy", Text($"{now.EnergyJoules:G4} J since boot (declared)"));
            Add("temperature", now.HasTemperatureCelsius ? Text($"{now.TemperatureCelsius:0.0} degrees Celsius") : "no sensor");
            Add("settings in force", now.ActiveHash);
        }

        console.Write(table);

        void Add(string figure, string value) => table.AddRow(figure, Markup.Escape(value));
    }

    private static string StateOf(DriveState state) => state switch
    {
        DriveState.Armed => "[yellow]armed[/]",
        DriveState.Faulted => "[red]faulted[/]",
        DriveState.Unknown => "[red]unknown[/]",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
