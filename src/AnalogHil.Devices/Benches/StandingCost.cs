using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Benches;

/// <summary>What a whole device takes of a chip and draws while nothing is read, by what a bench or its profile tells of one cell and one output column.</summary>
/// <param name="Value">Square millimetres or watts, of every cell and column the device has, in use or not.</param>
/// <param name="Source">Class and source of each value that it is made of.</param>
public sealed record StandingCost(double Value, string Source)
{
    /// <summary>Area of the cell of one weight with all its devices, square micrometres.</summary>
    public const string CellArea = "cellSquareMicrometres";

    /// <summary>Area of one output column outside its cells: receiver and converter, square micrometres.</summary>
    public const string ColumnArea = "columnSquareMicrometres";

    /// <summary>Static power of the cell of one weight, microwatts.</summary>
    public const string CellPower = "cellStaticMicrowatts";

    /// <summary>Static power of one output column outside its cells, microwatts.</summary>
    public const string ColumnPower = "columnStaticMicrowatts";

    /// <summary>Area of all tiles, square millimetres; null where neither cell nor column has one.</summary>
    public static StandingCost? AreaOf(DeviceCapabilities device, ImmutableArray<ProfileValue> values) => Of(device, values, CellArea, ColumnArea);

    /// <summary>Static power of all tiles, watts; null where neither cell nor column has one.</summary>
    public static StandingCost? PowerOf(DeviceCapabilities device, ImmutableArray<ProfileValue> values) => Of(device, values, CellPower, ColumnPower);

    // One of the two alone is not a total of nothing else: what is missing is said.
    private static StandingCost? Of(DeviceCapabilities device, ImmutableArray<ProfileValue> values, string cell, string column)
    {
        ProfileValue? ofCell = values.FirstOrDefault(value => value.Name == cell);
        ProfileValue? ofColumn = values.FirstOrDefault(value => value.Name == column);
        if (ofCell is null && ofColumn is null)
        {
            return null;
        }

        double columns = (double)device.Tiles * device.Columns;
        double total = (ofCell?.Value ?? 0) * columns * device.Rows + (ofColumn?.Value ?? 0) * columns;
        return new StandingCost(total * 1e-6, $"a cell: {Told(ofCell)}; a column: {Told(ofColumn)}");
    }

    private static string Told(ProfileValue? value) => value is null
        ? "not told, not in it"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Value:0.####} {value.Unit}, {value.Class}: {value.Source}");
}
