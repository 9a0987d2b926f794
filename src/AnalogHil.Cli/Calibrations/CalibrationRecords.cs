using System.CommandLine;
using AnalogHil.Cli.Errors;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Commands about kept calibrations.</summary>
internal static class CalibrationRecords
{
    /// <summary>`hil calibrate history`.</summary>
    public static Command CreateHistory(Terminal terminal)
    {
        var device = new Option<string?>("--device") { Description = "Only of the device with this uid", HelpName = "UID" };
        var figure = new Option<string?>("--figure") { Description = "Show how this figure moved, for example sigma.Thermal", HelpName = "NAME" };
        return Subcommand(terminal, "history", "Lists the kept calibrations, youngest first, with their standing; with --figure the trend of one figure.",
            [device, figure], (parsed, shelf) =>
        {
            IReadOnlyList<CalibrationSummary> kept = shelf.Summaries(parsed.GetValue(device), terminal.Time.GetUtcNow());
            CalibrationHistoryView.Write(kept, shelf, parsed.GetValue(figure), parsed.GetValue<bool>(JsonOption.Name), terminal);
        });
    }

    /// <summary>`hil calibrate show`.</summary>
    public static Command CreateShow(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "Calibration, as history lists it" };
        return Subcommand(terminal, "show", "Shows one calibration; with --json without its maps.", [id], (parsed, shelf) =>
        {
            CalibrationDocument document = CalibrationShelf.DocumentOf(shelf.Find(parsed.GetRequiredValue(id)));
            if (parsed.GetValue<bool>(JsonOption.Name))
            {
                terminal.Output.WriteLine(CalibrationJson.Of(document));
            }
            else
            {
                CalibrationView.Write(document, terminal.CreateConsole());
            }
        });
    }

    /// <summary>`hil calibrate compare`.</summary>
    public static Command CreateCompare(Terminal terminal)
    {
        var one = new Argument<string>("ID1") { Description = "Calibration" };
        var other = new Argument<string>("ID2") { Description = "Another one of the same device" };
        var level = new Option<double?>("--level")
        {
            Description = "Chance that anything of an unchanged device is called changed [default: 0.05]",
            HelpName = "P",
            CustomParser = Commands.Numbers.Real(p => p is > 0 and < 1, "must lie strictly between 0 and 1"),
        };
        return Subcommand(terminal, "compare",
            "What changed between two calibrations, figure by figure and column by column, and whether it is more than chance.", [one, other, level],
                (parsed, shelf) =>
        {
            CalibrationDocument first = CalibrationShelf.DocumentOf(shelf.Find(parsed.GetRequiredValue(one)));
            CalibrationDocument second = CalibrationShelf.DocumentOf(shelf.Find(parsed.GetRequiredValue(other)));
            DocumentComparison compared = DocumentComparison.Of(first, second, parsed.GetValue(level) ?? 0.05);
            foreach (string line in parsed.GetValue<bool>(JsonOption.Name) ? [RecordsJson.Of(compared)] : compared.Report())
            {
                terminal.Output.WriteLine(line);
            }
        });
    }

    /// <summary>`hil calibrate activate`.</summary>
    public static Command CreateActivate(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "Calibration" };
        return Subcommand(terminal, "activate", "Puts a calibration in use for its device; one that is bad or expired is refused.", [id], (parsed, shelf) =>
            Tell(terminal, parsed, shelf.Activate(parsed.GetRequiredValue(id), Environment.UserName).Id, "is in use"));
    }

    /// <summary>`hil calibrate rollback`.</summary>
    public static Command CreateRollback(Terminal terminal)
    {
        var device = new Option<string>("--device") { Description = "Uid of the device", HelpName = "UID", Required = true };
        var why = new Option<string>("--why") { Description = "Reason; it is kept", HelpName = "TEXT", Required = true };
        return Subcommand(terminal, "rollback", "Goes back to the youngest calibration before the one in use that is neither bad nor expired.", [device,
            why], (parsed, shelf) =>
            Tell(terminal, parsed, shelf.Rollback(parsed.GetRequiredValue(device), Environment.UserName, parsed.GetRequiredValue(why)).Id, "is in use again"));
    }

    /// <summary>`hil calibrate mark-bad`.</summary>
    public static Command CreateMarkBad(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "Calibration" };
        var why = new Option<string>("--why") { Description = "Reason; it is kept", HelpName = "TEXT", Required = true };
        return Subcommand(terminal, "mark-bad", "Marks a calibration bad: it is never used again. If it was in use, none is until another is activated.",
            [id, why], (parsed, shelf) =>
            Tell(terminal, parsed, shelf.MarkBad(parsed.GetRequiredValue(id), Environment.UserName, parsed.GetRequiredValue(why)).Id, "is marked bad"));
    }

    private static void Tell(Terminal terminal, ParseResult parsed, string id, string standing) => terminal.Output.WriteLine(
        parsed.GetValue<bool>(JsonOption.Name) ? RecordsJson.OfStanding(id, standing) : $"{id} {standing}");

    private static Command Subcommand(Terminal terminal, string name, string description, Symbol[] symbols, Action<ParseResult, CalibrationShelf> work)
    {
        Option<string?> store = StoreOption.Create();
        var command = new Command(name, description) { store, JsonOption.Create() };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(parsed =>
        {
            using CalibrationLedger ledger = StoreOption.Open(terminal, parsed.GetValue(store));
            try
            {
                work(parsed, ledger.Shelf);
            }
            catch (CampaignException failure)
            {
                throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
            }

            return (int)ExitCode.Accept;
        });
        return command;
    }
}
