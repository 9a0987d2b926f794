using System.CommandLine;
using AnalogHil.Cli.Operations;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.LongRunning;
using Spectre.Console;

namespace AnalogHil.Cli.Campaigns;

/// <summary>`hil campaign`: campaigns and other operations of a running daemon.</summary>
internal static class CampaignCommand
{
    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "campaign",
                """
                Starts campaigns on a running daemon without staying with them, lists and shows them and the daemon's other operations, resumes,
                cancels and watches them. A campaign outlives the terminal, and with its record the daemon.

                Examples:
                  hil campaign run --bench crossbar --model fashion-lenet --max-drop 6 --out runs/first
                  hil campaign list
                  hil campaign watch operations/0198...
                  hil campaign resume operations/0198...      after the daemon died, or after cancel
                """)
            {
                CampaignRunCommand.Create(remote, terminal),
                List(remote, terminal),
                Show(remote, terminal),
                Resume(remote, terminal),
                Cancel(remote, terminal),
                Watch(remote, terminal),
            },
            withLease: true);
    }

    private static Argument<string> Name() => new("OPERATION") { Description = "Name of the operation, operations/..." };

    private static Command List(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("list", "Lists the operations that the daemon runs and remembers, oldest first.");
        remote.Does(command, terminal, async (_, session) =>
        {
            var operations = new Google.LongRunning.Operations.OperationsClient(session.Invoker);
            ListOperationsResponse all = await Pages.AllAsync(token => session.CallAsync((_, options) =>
                operations.ListOperationsAsync(new ListOperationsRequest { PageSize = Pages.Size, PageToken = token }, options)));
            return session.Show(all, console => OperationView.Write(all.Operations, console));
        });
        return command;
    }

    private static Command Show(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> name = Name();
        var command = new Command("show", "Shows one operation: where it is, or what it ended with.") { name };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            Operation operation = await session.CallAsync((invoker, options) => new Google.LongRunning.Operations.OperationsClient(invoker)
                .GetOperationAsync(new GetOperationRequest { Name = parsed.GetRequiredValue(name) }, options));
            return session.Show(operation, console => OperationView.Write([operation], console));
        });
        return command;
    }

    private static Command Resume(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> name = Name();
        var command = new Command(
            "resume",
            "Continues a campaign at the step it was in: an interrupted one under its own name, one that was cancelled or failed as a new operation, whose name is printed.") { name };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new ResumeRequest { Name = parsed.GetRequiredValue(name), Mutation = session.NewMutation() };
            Operation operation = await session.CallAsync((invoker, options) => new CampaignService.CampaignServiceClient(invoker).ResumeAsync(request, options));
            return session.Show(operation, console => console.WriteLine(operation.Name));
        });
        return command;
    }

    private static Command Cancel(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> name = Name();
        var command = new Command("cancel", "Asks an operation to stop: its device is made safe, its record can be resumed. Needs no lease.") { name };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var operations = new Google.LongRunning.Operations.OperationsClient(session.Invoker);
            string named = parsed.GetRequiredValue(name);
            await session.CallAsync((_, options) => operations.CancelOperationAsync(new CancelOperationRequest { Name = named }, options));
            Operation operation = await session.CallAsync((_, options) => operations.GetOperationAsync(new GetOperationRequest { Name = named }, options));
            return session.Show(operation, console => console.WriteLine(operation.Done
                ? $"{named} has ended"
                : $"{named} was asked to stop; see it end with: hil campaign watch {named}"));
        });
        return command;
    }

    private static Command Watch(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> name = Name();
        var command = new Command(
            "watch",
            "Follows an operation to its end. Ends like hil run, with the verdict or the reason of the failure; Ctrl-C leaves the operation running.") { name };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            Operation operation = await OperationFollower.FollowAsync(session, new Operation { Name = parsed.GetRequiredValue(name) });
            session.Show(operation, console => OperationView.Write([operation], console));
            return operation.Response?.TryUnpack(out RunResponse run) == true ? ExitCodes.Of(run.Verdict)
                : operation.Response?.TryUnpack(out ValidateResponse validated) == true ? ExitCodes.Of(validated.Verdict) : ExitCode.Accept;
        });
        return command;
    }
}
