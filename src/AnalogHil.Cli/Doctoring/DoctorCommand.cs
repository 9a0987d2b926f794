using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Cli.Sessions;
using Spectre.Console;

namespace AnalogHil.Cli.Doctoring;

/// <summary>`hil doctor`: whether this machine and the daemon on it are fit for work.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        Option<string?> server = ServerAddress.CreateOption($"Socket of the daemon [default: {DaemonCommand.DefaultSocket()}]");
        var state = new Option<string?>("--state")
        {
            Description = $"State directory of the daemon [default: {DaemonCommand.DefaultState()}]",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "Print the findings as one JSON object" };
        var command = new Command(
            "doctor",
            """
            Checks what usually goes wrong, and says what to do about it: socket and its permissions, the daemon behind it, bench files,
            libraries, room on the disk, the clock, the daemon's store. Changes nothing, drives no device. Ends with 69 when something is
            not as it must be.

            Example:  hil doctor --json
            """)
        {
            server, state, json,
        };
        command.SetAction(async (parsed, cancellationToken) => (int)await RunAsync(
            terminal, parsed.GetValue(server) ?? DaemonCommand.DefaultSocket(), parsed.GetValue(state) ?? DaemonCommand.DefaultState(), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<ExitCode> RunAsync(Terminal terminal, string server, string state, bool json, CancellationToken cancellationToken)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        List<Finding> findings =
        [
            .. MachineChecks.All(files, Path.GetFullPath(state, terminal.CurrentDirectory), terminal.Time),
            .. await DaemonChecks.AllAsync(server, terminal, cancellationToken),
        ];
        if (json)
        {
            terminal.Output.WriteLine(JsonLine.Write(writer =>
            {
                writer.WriteBoolean("good", findings.TrueForAll(finding => finding.Good));
                writer.WriteStartArray("findings");
                foreach (Finding finding in findings)
                {
                    writer.WriteStartObject();
                    writer.WriteString("check", finding.Check);
                    writer.WriteBoolean("good", finding.Good);
                    writer.WriteString("found", finding.Found);
                    writer.WriteString("remedy", finding.Remedy);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }));
        }
        else
        {
            Write(findings, terminal.CreateConsole());
        }

        return findings.TrueForAll(finding => finding.Good) ? ExitCode.Accept : ExitCode.Unavailable;
    }

    private static void Write(List<Finding> findings, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("check").AddColumn("").AddColumn("found").AddColumn("remedy");
        foreach (Finding finding in findings)
        {
            table.AddRow(Markup.Escape(finding.Check), finding.Good ? "good" : "[red]bad[/]", Markup.Escape(finding.Found), Markup.Escape(finding.Remedy));
        }

        console.Write(table);
    }
}
