using System.CommandLine;
using AnalogHil.Calibration.Suite;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Calibrations;

/// <summary>`hil calibrate`: measures a bench, and everything about the calibrations that are kept.</summary>
internal static class CalibrateCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var bench = new Option<string?>("--bench", "-b") { Description = "Bench file, or name of a bench that comes with the program [default: crossbar]",
            HelpName = "FILE" };
        var routines = new Option<string?>("--routines", "-r")
        {
            Description = $"Routines to run, with commas, or all; what they need is added. There are: {string.Join(", ", SuiteCatalog.Names)} [default: {string.Join(",", SuiteCatalog.Usual)}]",
            HelpName = "NAMES",
        };
        var halfWidth = new Option<double?>("--sigma-half-width")
        {
            Description = "Read until every sigma's 95 % interval is +- this, percent of the value [default: 5]",
            HelpName = "PERCENT",
            CustomParser = Numbers.Real(percent => percent is >= 0.2 and <= 50,
                "must lie in 0.2 .. 50 percent; 5 is usual, half of it costs four times the reads"),
        };
        var columnHalfWidth = new Option<double?>("--column-half-width")
        {
            Description = "Read until the sigma of each column is known to +- this, percent, on average; 5 takes 808 reads a column [default: 10]",
            HelpName = "PERCENT",
            CustomParser = Numbers.Real(percent => percent is >= 1 and <= 50, "must lie in 1 .. 50 percent; 10 is usual"),
        };
        var tiles = new Option<string?>("--tiles") { Description = "Tiles to calibrate, for example 0-7,12 [default: all, as far as memory allows]",
            HelpName = "LIST" };
        var largest = new Option<int?>("--largest-k") { Description = "Largest K to certify [default: 256, or what the device offers]", HelpName = "K",
            CustomParser = Numbers.Count(4, "must be a whole number, at least 4") };
        var validity = new Option<double?>("--valid-for")
        {
            Description = "Hours that results of a day hold; those of the device's construction hold a multiple [default: 24]",
            HelpName = "HOURS",
            CustomParser = Numbers.Real(hours => hours is > 0 and <= 8760, "must lie in 0 .. 8760 hours"),
        };
        var seed = new Option<ulong?>("--seed", "-s")
        {
            Description = "Seed of a simulated device's noise; two calibrations with one seed share their noise and are no two measurements [default: from the clock]",
            HelpName = "N",
            CustomParser = Numbers.Natural($"must be a whole number in 0 .. {ulong.MaxValue}; leave it out for one from the clock"),
        };
        var fresh = new Option<bool>("--fresh") { Description = "Measure everything anew, instead of checking the results of the calibration in use first" };
        var inactive = new Option<bool>("--no-activate") { Description = "Keep the calibration without putting it in use" };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for reads, results and report [default: calibrations/<UTC time>-<bench>]",
            HelpName = "DIR" };
        var resume = new Option<string?>("--resume") { Description =
            "Go on with the calibration in DIR, at the read where it was stopped; its own bench and targets apply", HelpName = "DIR" };
        var store = StoreOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the calibration as one JSON object without the maps; progress goes to standard error" };
        var command = new Command(
            "calibrate",
            $"""
            Measures a bench: offset, gain, settling, sigma of every column and of every noise term, and what averaging is worth. Results of the
            calibration in use are checked with a few reads and measured again only where the check fails or they have expired. Stopped at any
            read it goes on there (--resume). Leaves calibration.json, calibration.html and all reads, which can be fitted again (refit).

            Examples:
              hil calibrate --bench crossbar
              hil calibrate --bench my-bench.json --routines all --sigma-half-width 2 --out cal/night1
              hil calibrate history
              hil calibrate compare ID1 ID2

            {ExitCodes.Help}
            """)
        {
            bench, routines, halfWidth, columnHalfWidth, tiles, largest, validity, seed, fresh, inactive, output, resume, store, json,
            CalibrationRecords.CreateHistory(terminal),
            CalibrationRecords.CreateShow(terminal),
            CalibrationRecords.CreateCompare(terminal),
            CalibrationRecords.CreateActivate(terminal),
            CalibrationRecords.CreateRollback(terminal),
            CalibrationRecords.CreateMarkBad(terminal),
            RefitCommand.Create(terminal),
            ScheduleCommand.Create(terminal),
            WatchCommand.Create(terminal),
        };
        command.SetAction(async (parsed, cancellationToken) => (int)await new CalibrateSession(terminal).RunAsync(
            new CalibrateOptions
            {
                Bench = parsed.GetValue(bench),
                Routines = parsed.GetValue(routines),
                Tiles = parsed.GetValue(tiles),
                Resume = parsed.GetValue(resume),
                Output = parsed.GetValue(output),
                Store = parsed.GetValue(store),
                Seed = parsed.GetValue(seed),
                Activate = !parsed.GetValue(inactive),
                Json = parsed.GetValue(json),
                Suite = new SuiteOptions
                {
                    RelativeHalfWidth = (parsed.GetValue(halfWidth) ?? 5) / 100,
                    ColumnHalfWidth = (parsed.GetValue(columnHalfWidth) ?? 10) / 100,
                    LargestRepeats = parsed.GetValue(largest) ?? 256,
                    ValidFor = TimeSpan.FromHours(parsed.GetValue(validity) ?? 24),
                    KeepsEarlier = !parsed.GetValue(fresh),
                },
            },
            cancellationToken));
        return command;
    }
}
