using System.Collections.Immutable;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Benches;

public sealed class StaticCostTests
{
    private static readonly DeviceCapabilities Device = Bench.Load(Repository.Config("benches", "crossbar.json")).Device.Capabilities;

    [Fact]
    public void Of_CellsAndColumns_AddsUpAllTilesAndNamesBothSources()
    {
        ImmutableArray<ProfileValue> values =
        [
            Told(StaticCost.CellArea, 0.5, "um2"), Told(StaticCost.ColumnArea, 1000, "um2"),
            Told(StaticCost.CellPower, 0.25, "uW"), Told(StaticCost.ColumnPower, 8, "uW"),
        ];
        StaticCost area = StaticCost.AreaOf(Device, values)!;
        StaticCost power = StaticCost.PowerOf(Device, values)!;

        // 64 tiles of 256 x 256.
        Assert.Equal(64 * (256 * 256 * 0.5 + 256 * 1000) / 1e6, area.Value, 1e-9);
        Assert.Equal(64 * (256 * 256 * 0.25 + 256 * 8) / 1e6, power.Value, 1e-9);
        Assert.Equal("a cell: 0.5 um2, literature: of cellSquareMicrometres; a column: 1000 um2, literature: of columnSquareMicrometres", area.Source);
    }

    [Fact]
    public void Of_WhatIsNotToldOfBoth_IsNoTotal()
    {
        Assert.Null(StaticCost.AreaOf(Device, []));
        Assert.Null(StaticCost.PowerOf(Device, [Told(StaticCost.CellArea, 1, "um2"), Told(StaticCost.ColumnArea, 1, "um2")]));
        Assert.Null(StaticCost.PowerOf(Device, [Told(StaticCost.ColumnPower, 3, "uW")]));
    }

    [Fact]
    public void Of_SmallValues_AreTold() => Assert.Contains(
        "a cell: 1E-05 uW", StaticCost.PowerOf(Device, [Told(StaticCost.CellPower, 1e-5, "uW"), Told(StaticCost.ColumnPower, 0, "uW")])!.Source, StringComparison.Ordinal);

    [Theory]
    [InlineData("crossbar", 2)]
    [InlineData("homodyne", 2)]
    [InlineData("broadcast-and-weight", 2)]
    [InlineData("ideal", 2)]
    public void Load_ShippedBench_TellsWhatItsProfileDoes(string name, int told)
    {
        Bench bench = Bench.Load(Repository.Config("benches", name + ".json"));
        StaticCost?[] costs = [StaticCost.AreaOf(bench.Device.Capabilities, bench.Values), StaticCost.PowerOf(bench.Device.Capabilities, bench.Values)];
        Assert.Equal(told, costs.Count(cost => cost is { Value: > 0 }));
    }

    [Fact]
    public void Load_ABenchsOwnValue_WinsInsideTheProfilesRange()
    {
        using TemporaryBench good = Altered(""" "static": { "columnStaticMicrowatts": 40 } """);
        Bench own = Bench.Load(good.Path, Repository.Config("profiles"));
        ProfileValue value = own.Values.Single(each => each.Name == StaticCost.ColumnPower);
        Assert.Equal((40, "bench"), (value.Value, value.Class));

        using TemporaryBench bad = Altered(""" "static": { "columnStaticMicrowatts": 4000, "cellSquareInches": 1 } """);
        var error = Assert.Throws<BenchFileException>(() => Bench.Load(bad.Path, Repository.Config("profiles")));
        Assert.Equal(["/static/cellSquareInches", "/static/columnStaticMicrowatts"], error.Errors.Select(each => each.Location).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_ASerialBench_TellsWhatTheDeviceDoesNot()
    {
        using TemporaryBench file = new("""
            {
              "driver": "serial", "name": "b", "description": "d", "architecture": "homodyne",
              "serial": { "port": "/dev/ttyUSB0", "baud": 115200 }, "static": { "cellSquareMicrometres": 12, "columnSquareMicrometres": 0 }
            }
            """);
        ImmutableArray<ProfileValue> told = Assert.IsType<SerialBench>(BenchFile.Load(file.Path)).StaticCosts;
        Assert.Equal([(StaticCost.CellArea, 12.0, "bench"), (StaticCost.ColumnArea, 0.0, "bench")], told.Select(each => (each.Name, each.Value, each.Class)));

        using TemporaryBench half = new(File.ReadAllText(file.Path).Replace(", \"columnSquareMicrometres\": 0", "", StringComparison.Ordinal));
        BenchFileError error = Assert.Single(Assert.Throws<BenchFileException>(() => BenchFile.Load(half.Path)).Errors);
        Assert.Equal("/static/columnSquareMicrometres", error.Location);
    }

    private static TemporaryBench Altered(string section) =>
        new(File.ReadAllText(Repository.Config("benches", "crossbar.json")).TrimEnd().TrimEnd('}') + "," + section + "}");

    private static ProfileValue Told(string name, double value, string unit) => new(name, value, unit, "literature", "of " + name, 0, 1e9);
}
