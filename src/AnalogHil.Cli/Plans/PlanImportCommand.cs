using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan import`: gives a plan of this machine to a daemon.</summary>
internal static class PlanImportCommand
{
    // A message of a daemon less what is around the text.
    private const int LargestBytes = DaemonHost.MessageLimitBytes - 1024;

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        var file = new Argument<string>("FILE") { Description = "Plan file, as hil plan learn wrote it" };
        Command command = remote.On(
            new Command(
                "import",
                """
                Checks a plan file and gives it to a running daemon, which keeps it by its hash; prints the name by which hil push stage takes it.

                Example:  hil plan import modes.plan.json
                """)
            {
                file,
            },
            withLease: false);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            ImportPlanResponse reply = await SendAsync(session, terminal, parsed.GetRequiredValue(file));
            return session.Show(reply, console => console.WriteLine(reply.Plan.Name));
        });
        return command;
    }

    /// <summary>Checks a plan file here, where its errors can name it, and sends it.</summary>
    /// <exception cref="CliException">BadInput: it cannot be read or used.</exception>
    public static async Task<ImportPlanResponse> SendAsync(RemoteSession session, Terminal terminal, string given)
    {
        string path = Path.GetFullPath(given, terminal.CurrentDirectory);
        string text = PlanCommand.Guarded(() => PlanFileJson.ReadText(path));
        PlanCommand.Guarded(() => PlanFileJson.Deserialize(text, path));
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        if (bytes > LargestBytes)
        {
            throw new CliException(
                ExitCode.BadInput, $"{path} has {bytes} bytes, a daemon takes {LargestBytes} in one message; learn the plan per layer, or without what makes it large");
        }

        var request = new ImportPlanRequest { Mutation = session.NewMutation(), FileJson = text };
        return await session.CallAsync((invoker, options) => new PrecisionService.PrecisionServiceClient(invoker).ImportPlanAsync(request, options));
    }
}
