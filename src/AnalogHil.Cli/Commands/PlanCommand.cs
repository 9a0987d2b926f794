using System.CommandLine;
using AnalogHil.Cli.Plans;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Precision;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil plan`: learns, shows, compares and exports precision plans on this machine, without a device or a daemon.</summary>
internal static class PlanCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal) => new("plan", "Learns, shows, compares and exports precision plans; needs no device.")
    {
        PlanLearnCommand.Create(terminal),
        PlanCompareCommand.Create(terminal),
        PlanListCommand.Create(terminal),
        CreateShow(terminal),
        CreateExport(terminal),
    };

    /// <summary>Runs something on plans, models, images or records; what is wrong with them ends the command with the code for it.</summary>
    public static T Guarded<T>(Func<T> work)
    {
        try
        {
            return ModelCommand.Reading(work);
        }
        catch (PlanFileException bad)
        {
            throw new CliException(ExitCode.BadInput, bad.Message, bad);
        }
        catch (PrecisionException bad)
        {
            throw new CliException(bad.Fault == PrecisionFault.Data ? ExitCode.BadInput : ExitCode.DoesNotFit, bad.Message, bad);
        }
        catch (CampaignException bad)
        {
            throw new CliException(ExitCodes.Of(bad.Reason), bad.Message, bad);
        }
        catch (RecordFormatException bad)
        {
            throw new CliException(ExitCode.BadInput, bad.Message, bad);
        }
        catch (FileNotFoundException bad)
        {
            throw new CliException(ExitCode.BadInput, bad.Message, bad);
        }
    }

    /// <summary>Writes a text file.</summary>
    public static void Save(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.CannotWrite, $"{path} cannot be written: {refused.Message.TrimEnd('.')}; choose another place with --out", refused);
        }
    }

    private static Command CreateShow(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Plan file, as hil plan learn wrote it" };
        var json = new Option<bool>("--json") { Description = "Print the plan as it stands in the file" };
        var command = new Command("show", "Checks a plan file and shows it. Ends with 65 and the place in the file where it cannot be used.") { file, json };
        command.SetAction(parsed =>
        {
            PlanFile plan = Read(terminal, parsed.GetRequiredValue(file));
            if (parsed.GetValue(json))
            {
                terminal.Output.Write(PlanFileJson.Serialize(plan));
            }
            else
            {
                PlanView.Write(plan, terminal.CreateConsole());
            }

            return (int)ExitCode.Accept;
        });
        return command;
    }

    private static Command CreateExport(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Plan file, as hil plan learn wrote it" };
        var format = new Option<string>("--format", "-f")
        {
            Description = "json, or csv: one line for each layer or channel",
            HelpName = "json|csv",
            DefaultValueFactory = _ => "json",
        };
        format.AcceptOnlyFromAmong("json", "csv");
        var output = new Option<string?>("--out", "-o") { Description = "File to write [default: standard output]", HelpName = "FILE" };
        var command = new Command("export", "Writes a checked plan for another tool.") { file, format, output };
        command.SetAction(parsed =>
        {
            PlanFile plan = Read(terminal, parsed.GetRequiredValue(file));
            string text = parsed.GetValue(format) == "csv" ? PlanCsv.Write(plan) : PlanFileJson.Serialize(plan);
            if (parsed.GetValue(output) is { } path)
            {
                Save(Path.GetFullPath(path, terminal.CurrentDirectory), text);
            }
            else
            {
                terminal.Output.Write(text);
            }

            return (int)ExitCode.Accept;
        });
        return command;
    }

    /// <summary>Reads a plan.</summary>
    public static PlanFile Read(Terminal terminal, string given) => Guarded(() => PlanFileJson.Read(Path.GetFullPath(given, terminal.CurrentDirectory)));
}
