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
        var bench = new Option<string?>("--bench", "-b") { Description = "Bench [default: crossbar]", HelpName = "FILE" };
        var model = new Option<string?>("--model", "-m")
        {
            Description = "ONNX model, name of one that comes with the program, or models/HASH of one that the daemon keeps [default: fashion-resnet]",
            HelpName = "FILE",
        };
        var data = new Option<string?>("--data", "-d") { Description = "Images [default: fashion-mnist]", HelpName = "NAME|DIR" };
        var maxDrop = new Option<double?>("--max-drop")
        {
            Description = "Largest accepted loss of accuracy, percentage points [default: 2]",
            HelpName = "POINTS",
        };
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed [default: 1]", HelpName = "N" };
        var output = new Option<string?>("--out", "-o") { Description = "Directory for the record [default: runs/<UTC time>-<bench>]", HelpName = "DIR" };
        var maxImages = new Option<int?>("--max-images") { Description = "Use at most N test images [default: all]", HelpName = "N" };
        var wait = new Option<bool>("--wait") { Description = "Wait while the bench is taken" };
        var again = new Option<bool>("--auto-resume") { Description = "Go on by itself when the daemon starts again, as long as the lease holds" };
        var command = new Command(
            "run",
            """
            Starts a campaign and prints the name of its operation; all inputs are checked before. The options are those of hil run.

            Example:  hil campaign watch $(hil campaign run --bench crossbar --model fashion-lenet --max-drop 6)
            """)
        {
            bench, model, data, maxDrop, seed, output, maxImages, wait, again,
        };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            string? kept = parsed.GetValue(model) is { } named && named.StartsWith("models/", StringComparison.Ordinal) ? named : null;
            RunRequest request = new RunSession(terminal).BuildRequest(new RunOptions(
                parsed.GetValue(bench), kept is null ? parsed.GetValue(model) : null, parsed.GetValue(data), parsed.GetValue(maxDrop), parsed.GetValue(seed), parsed.GetValue(output),
                Resume: null, Server: null, Json: false, parsed.GetValue(maxImages), SigmaHalfWidthPercent: null)
            {
                Wait = parsed.GetValue(wait),
            });
            request.Model = kept ?? request.Model;
            request.ResumeAfterRestart = parsed.GetValue(again);
            request.Mutation = session.NewMutation();
            Operation operation = await session.CallAsync(
                CampaignWatch.StartLimit, (invoker, options) => new CampaignService.CampaignServiceClient(invoker).RunAsync(request, options));
            return session.Show(operation, console => console.WriteLine(operation.Name));
        });
        return command;
    }
}
