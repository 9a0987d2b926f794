using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.LongRunning;
using Spectre.Console;

namespace AnalogHil.Cli.Campaigns;

/// <summary>`hil campaign run`: starts a campaign on a running daemon and prints its name.</summary>
internal static class CampaignRunCommand
{
    /// <summary>The command.</summary>
    public static Command Create(RemoteOptions remote, Terminal terminal)
    {
        var asked = new CampaignRunOptions();
        var command = new Command(
            "run",
            """
            Starts a campaign and prints the name of its operation; all inputs are checked before. The options are those of hil run; what was
            interrupted is continued with hil campaign resume.

            Example:  hil campaign watch $(hil campaign run --bench crossbar --model fashion-lenet --max-drop 6)
            """);
        asked.AddTo(command);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            RunRequest request = new RunSession(terminal).BuildRequest(asked.Read(parsed));
            request.Model = asked.KeptModel(parsed) ?? request.Model;
            request.ResumeAfterRestart = asked.ResumesByItself(parsed);
            request.Mutation = session.NewMutation();
            Operation operation = await session.CallAsync(
                CampaignWatch.StartLimit, (invoker, options) => new CampaignService.CampaignServiceClient(invoker).RunAsync(request, options));
            return session.Show(operation, console => console.WriteLine(operation.Name));
        });
        return command;
    }
}
