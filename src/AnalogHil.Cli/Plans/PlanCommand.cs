using System.CommandLine;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Precision;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan`: learns, shows, compares and exports precision plans on this machine, without a device or a daemon.</summary>
internal static class PlanCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal) => new("plan", "Learns, shows, compares and exports precision plans; needs no device.")
    {
        PlanLearnCommand.Create(terminal),
        PlanCompareCommand.Create(terminal),
        PlanBitsCommand.Create(terminal),
        PlanListCommand.Create(terminal),
        PlanImportCommand.Create(terminal),
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

    private static Command CreateShow(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Plan file, as hil plan learn wrote it" };
        var json = new Option<bool>("--json") { Description = "Print the plan as hil plan learn writes it, with the hash of the text that is printed" };
        var command = new Command(
            "show",
            """
            Checks a plan file and shows it. Ends with 65 and the place in the file where it cannot be used.

            Example:  hil plan show ours.plan.json
            """)
        {
            file, json,
        };
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
        Option<bool> json = JsonOption.Create("With --out: print file, format and hash of the plan that was written as one JSON object. Without it: the plan, which is one");
        var command = new Command(
            "export",
            """
            Writes a checked plan for another tool.

            Examples:
              hil plan export ours.plan.json --format csv > ours.csv
              hil plan export ours.plan.json --out copy.plan.json --json
            """)
        {
            file, format, output, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(output) is null && result.GetValue(format) == "csv")
            {
                result.AddError("--json cannot print csv; name a file for it with --out");
            }
        });
        command.SetAction(parsed =>
        {
            PlanFile plan = Read(terminal, parsed.GetRequiredValue(file));
            string named = parsed.GetRequiredValue(format);
            string text = named == "csv" ? PlanCsv.Write(plan) : PlanFileJson.Serialize(plan);
            if (parsed.GetValue(output) is { } path)
            {
                string full = Path.GetFullPath(path, terminal.CurrentDirectory);
                OutputFile.Save(full, text);
                terminal.Output.Write(!parsed.GetValue(json) ? "" : JsonLine.Write(writer =>
                {
                    writer.WriteString("file", full);
                    writer.WriteString("format", named);

                    // What was read may have had no hash, or that of another text.
                    writer.WriteString("plan_sha256", named == "csv" ? plan.Sha256 : PlanFileJson.Deserialize(text, full).Sha256);
                }) + Environment.NewLine);
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
