using System.CommandLine;
using AnalogHil.Cli.Devices;
using AnalogHil.Cli.Operations;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.LongRunning;
using Spectre.Console;

namespace AnalogHil.Cli.Deployments;

/// <summary>`hil validate`: the accuracy of what is in force on a device.</summary>
internal static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        Argument<string> bench = DeviceCommand.Bench();
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Images [default: those of the record given to hil push stage, without those that the plan was chosen on]",
            HelpName = "DIR",
        };
        var maxDrop = new Option<double?>("--max-drop")
        {
            Description = "Largest accepted loss of accuracy, percentage points [default: 2]",
            HelpName = "POINTS",
        };
        var maxImages = new Option<int?>("--max-images") { Description = "Use at most N images, at least 100 [default: all]", HelpName = "N" };
        var seed = new Option<ulong?>("--seed", "-s") { Description = "Seed of the choice of images [default: 1]", HelpName = "N" };
        var rollback = new Option<bool>("--rollback-on-reject") { Description = "Put the plan before back in force when the verdict is REJECT" };
        Command command = remote.On(
            new Command(
                "validate",
                """
                Measures the accuracy on the device, paired with the clean network, and ends with the verdict: 0 ACCEPT, 1 REJECT, 2 INCONCLUSIVE.

                Example:  hil validate crossbar --max-drop 2 --rollback-on-reject
                """)
            {
                bench, data, maxDrop, maxImages, seed, rollback,
            },
            withLease: true);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new ValidateRequest
            {
                Bench = parsed.GetRequiredValue(bench),
                Mutation = session.NewMutation(),
                Data = parsed.GetValue(data) is { } given ? Path.GetFullPath(given, terminal.CurrentDirectory) : "",
                RollbackOnReject = parsed.GetValue(rollback),
            };
            if (parsed.GetValue(maxDrop) is { } drop)
            {
                request.MaxDropPoints = drop;
            }

            if (parsed.GetValue(maxImages) is { } images)
            {
                request.MaxImages = images;
            }

            if (parsed.GetValue(seed) is { } chosen)
            {
                request.Seed = chosen;
            }

            Operation operation = await session.CallAsync((invoker, options) => new DeploymentService.DeploymentServiceClient(invoker).ValidateAsync(request, options));
            ValidateResponse found = (await OperationFollower.FollowAsync(session, operation)).Response.Unpack<ValidateResponse>();
            session.Show(() => ValidationView.Json(found), console =>
            {
                console.WriteLine(ValidationView.Text(found));
                console.WriteLine($"{found.Verdict.ToString().ToUpperInvariant()}: {found.Reason}{(found.RolledBack ? "; rolled back" : "")}");
            });
            return ExitCodes.Of(found.Verdict);
        });
        return command;
    }
}
