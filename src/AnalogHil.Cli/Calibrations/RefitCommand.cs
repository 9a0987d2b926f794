using System.Collections.Immutable;
using System.CommandLine;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Calibration.Suite;

namespace AnalogHil.Cli.Calibrations;

/// <summary>`hil calibrate refit`: archived reads to figures, without the device.</summary>
internal static class RefitCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a calibration, finished or not" };
        var robust = new Option<bool>("--robust") { Description = "Estimate spreads by Huber's scale: 0.96 as efficient, wild reads change it little" };
        var level = new Option<double?>("--level")
        {
            Description = "Level of the intervals [default: that of the calibration, 0.95]",
            HelpName = "P",
            CustomParser = Commands.Numbers.Real(p => p is > 0.5 and < 1, "must lie strictly between 0.5 and 1"),
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("refit", "Fits the archived reads of a calibration again; changes nothing in its folder.") { folder, robust, level, json };
        command.SetAction(parsed =>
        {
            ImmutableDictionary<string, RoutineResult> results;
            try
            {
                results = SuiteRefit.Fit(
                    new RunFolder(Path.GetFullPath(parsed.GetRequiredValue(folder), terminal.CurrentDirectory)),
                    settings => settings with
                    {
                        Estimator = parsed.GetValue(robust) ? SpreadEstimator.Huber : SpreadEstimator.SampleVariance,
                        Confidence = parsed.GetValue(level) ?? settings.Confidence,
                    });
            }
            catch (Exception bad) when (bad is InvalidDataException or CalibrationException or ArgumentException)
            {
                throw new CliException(ExitCode.BadInput, bad.Message, bad);
            }

            if (parsed.GetValue(json))
            {
                terminal.Output.WriteLine(System.Text.Json.JsonSerializer.Serialize(results, ResultJson.Options));
                return (int)ExitCode.Accept;
            }

            foreach (RoutineResult result in SuiteCatalog.Names.Where(results.ContainsKey).Select(name => results[name]))
            {
                terminal.Output.WriteLine($"{result.Routine}:");
                foreach (string line in result.Figures.Select(CalibrationView.Line).Concat(result.Excluded.Select(column =>
                    "left out: " + column.Detail)).Concat(result.Warnings.Select(warning => "warning: " + warning)))
                {
                    terminal.Output.WriteLine("  " + line);
                }
            }

            return (int)ExitCode.Accept;
        });
        return command;
    }
}
