using System.CommandLine;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Identity;
using AnalogHil.V1;

namespace AnalogHil.Cli.Access;

/// <summary>`hil token`: tokens for clients that reach the daemon over TCP.</summary>
internal static class TokenCommand
{
    private static readonly Dictionary<string, Role> Roles = new(StringComparer.Ordinal)
    {
        ["viewer"] = Role.Viewer, ["operator"] = Role.Operator, ["admin"] = Role.Admin,
    };

    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal) => new("token", "Makes tokens for clients that reach the daemon over TCP.") { CreateCreate(terminal) };

    private static Command CreateCreate(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is; stands in leases and in the audit chain" };
        var role = new Option<string>("--role") { Description = "viewer, operator or admin", HelpName = "ROLE", DefaultValueFactory = _ => "operator" };
        role.AcceptOnlyFromAmong([.. Roles.Keys]);
        var access = new Option<string>("--access") { Description = "Access file of the daemon; made if it is not there", HelpName = "FILE", Required = true };
        Option<bool> json = JsonOption.Create("Print token, name, role and access file as one JSON object");
        var command = new Command(
            "create",
            """
            Makes a token, prints it once, and adds its hash to the daemon's access file. The daemon reads the file when it starts.

            Example:
              hil token create bench-ci --role operator --access ~/.hil/access.json
            """)
        {
            name, role, access, json,
        };
        command.SetAction(parsed =>
        {
            var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
            string file = files.Output(parsed.GetRequiredValue(access));
            (string token, AccessToken kept) = AccessToken.Create(parsed.GetRequiredValue(name), Roles[parsed.GetRequiredValue(role)]);
            try
            {
                AccessFile.Add(file, kept);
            }
            catch (CampaignException refused)
            {
                throw new CliException(ExitCode.Usage, refused.Message, refused);
            }

            terminal.Output.WriteLine(!parsed.GetValue(json) ? token : JsonLine.Write(writer =>
            {
                writer.WriteString("token", token);
                writer.WriteString("name", parsed.GetRequiredValue(name));
                writer.WriteString("role", parsed.GetRequiredValue(role));
                writer.WriteString("access_file", file);
            }));
            return (int)ExitCode.Accept;
        });
        return command;
    }
}
