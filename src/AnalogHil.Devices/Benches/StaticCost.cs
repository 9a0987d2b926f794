using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Benches;

/// <summary>What a whole device takes of a chip and draws while nothing is read, by what a bench or its profile tells of one cell and one output column.</summary>
/// <param name="Value">Square millimetres or watts, of every cell and column the device has, in use or not.</param>
/// <param name="Class">literature, fitted, measured or bench; both where cell and column differ.</param>
/// <param name="Source">Class and source of each value that it is made of.</param>
public sealed record StaticCost(double Value, string Class, string Source)
{
    /// <summary>Area of the cell of one weight with all its devices, square micrometres.</summary>
    public const string CellArea = "cellSquareMicrometres";

    /// <summary>Area of one output column outside its cells: receiver and converter, square micrometres.</summary>
    public const string ColumnArea = "columnSquareMicrometres";

    /// <summary>Static power of the cell of one weight, microwatts.</summary>
    public const string CellPower = "cellStaticMicrowatts";

    /// <summary>Static power of one output column outside its cells, microwatts.</summary>
    public const string ColumnPower = "columnStaticMicrowatts";

    // What makes up one total each.
    private static readonly (string Cell, string Column)[] Pairs = [(CellArea, ColumnArea), (CellPower, ColumnPower)];

    /// <summary>Area of all tiles, square millimetres; null where it is not told for both cell and column.</summary>
    public static StaticCost? AreaOf(DeviceCapabilities device, ImmutableArray<ProfileValue> values) => Of(device, values, CellArea, ColumnArea);

    /// <summary>Static power of all tiles, watts; null where it is not told for both cell and column.</summary>
    public static StaticCost? PowerOf(DeviceCapabilities device, ImmutableArray<ProfileValue> values) => Of(device, values, CellPower, ColumnPower);

    /// <summary>Reports a value of a cell or a column that is told without the other.</summary>
    internal static void ReportHalves(JsonNodeReader node, Func<string, bool> isTold)
    {
        foreach ((string cell, string column) in Pairs)
        {
            if (isTold(cell) != isTold(column))
            {
                (string given, string missing) = isTold(cell) ? (cell, column) : (column, cell);
                node.Report(missing, $"is missing, and {given} is told", $"add it, 0 where {given} holds all of it");
            }
        }
    }

    private static StaticCost? Of(DeviceCapabilities device, ImmutableArray<ProfileValue> values, string cell, string column)
    {
        if (values.FirstOrDefault(value => value.Name == cell) is not { } ofCell || values.FirstOrDefault(value => value.Name == column) is not { } ofColumn)
        {
            return null;
        }

        double columns = (double)device.Tiles * device.Columns;
        double total = ofCell.Value * columns * device.Rows + ofColumn.Value * columns;
        string kind = ofCell.Class == ofColumn.Class ? ofCell.Class : $"{ofCell.Class}, {ofColumn.Class}";
        return new StaticCost(total * 1e-6, kind, $"a cell: {Told(ofCell)}; a column: {Told(ofColumn)}");
    }

    private static string Told(ProfileValue value) => string.Create(CultureInfo.InvariantCulture, $"{value.Value:G6} {value.Unit}, {value.Class}: {value.Source}");
}
