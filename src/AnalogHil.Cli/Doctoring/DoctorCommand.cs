using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
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
        Option<bool> json = JsonOption.Create("Print the findings as one JSON object");
        var command = new Command(
            "doctor",
            """
            Checks what a lab needs, and says what to do about what is not so: the clock, libraries, room on the disk, serial ports, benches with their
            profiles, models, the state directory with the daemon's store and audit chain, the socket, the daemon and its devices. Changes nothing,
            drives no device, also beside a running daemon. Each line is OK, WARN (some work needs it) or FAIL. Ends with 69 where one is FAIL.

            Examples:
              hil doctor
              hil doctor --json | jq -r '.findings[] | select(.level != "OK") | .remedy'
            """)
        {
            server, state, json,
        };
        command.SetAction(async (parsed, cancellationToken) => (int)await RunAsync(
            terminal, parsed.GetValue(server), parsed.GetValue(state) ?? DaemonCommand.DefaultState(), parsed.GetValue(json), cancellationToken));
        return command;
    }

    /// <summary>Every finding about a machine; those about its daemon are others.</summary>
    internal static IEnumerable<Finding> Examine(Machine machine) =>
        [.. MachineChecks.All(machine, FileChecks.Ports(machine)), .. FileChecks.All(machine), .. StoreChecks.All(machine)];

    private static async Task<ExitCode> RunAsync(Terminal terminal, string? server, string state, bool json, CancellationToken cancellationToken)
    {
        List<Finding> findings =
        [
            .. Examine(Machine.Here(terminal, state)),
            .. await DaemonChecks.AllAsync(server ?? DaemonCommand.DefaultSocket(), server is not null, terminal, cancellationToken),
        ];
        FindingLevel worst = findings.Max(finding => finding.Level);
        if (json)
        {
            terminal.Output.WriteLine(JsonOf(findings, worst));
        }
        else
        {
            Write(findings, terminal.CreateConsole());
        }

        return worst == FindingLevel.Fail ? ExitCode.Unavailable : ExitCode.Accept;
    }

    private static string JsonOf(List<Finding> findings, FindingLevel worst) => JsonLine.Write(writer =>
    {
        writer.WriteString("worst", NameOf(worst));
        writer.WriteStartArray("findings");
        foreach (Finding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", finding.Check);
            writer.WriteString("level", NameOf(finding.Level));
            writer.WriteString("found", finding.Found);
            writer.WriteString("remedy", finding.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string NameOf(FindingLevel level) => level.ToString().ToUpperInvariant();

    private static void Write(List<Finding> findings, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("check").AddColumn("found").AddColumn("remedy");
        foreach (Finding finding in findings)
        {
            string level = finding.Level switch { FindingLevel.Fail => "[red]FAIL[/]", FindingLevel.Warn => "[yellow]WARN[/]", _ => "OK" };
            table.AddRow(level, Markup.Escape(finding.Check), Markup.Escape(finding.Found), Markup.Escape(finding.Remedy));
        }

        console.Write(table);
    }
}
