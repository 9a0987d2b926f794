using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.Protobuf.Collections;
using Spectre.Console;

namespace AnalogHil.Cli.Journaling;

/// <summary>`hil journal`: changes of devices whose outcome nobody knows.</summary>
internal static class JournalCommand
{
    /// <summary>Reading back may open a device behind a slow line.</summary>
    private static readonly TimeSpan ReadBackLimit = TimeSpan.FromMinutes(2);

    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "journal",
                """
                Lists changes of devices that were begun and whose outcome is not known, reads their devices back, and takes a person's word
                where no read-back can tell. A bench with such a change is blocked until it is settled; making it safe is not.

                Examples:
                  hil journal list
                  hil journal reconcile crossbar
                  hil journal settle 17 --outcome old --reason "read the registers by hand"
                  hil journal export audit 42 --out exported
                """)
            {
                List(remote, terminal),
                Reconcile(remote, terminal),
                Settle(remote, terminal),
                ExportCommand.Create(remote, terminal),
            },
            withLease: false);
    }

    private static Command List(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("list", "Lists the changes whose outcome is not known, in the order they were begun.");
        remote.Does(command, terminal, async (_, session) =>
        {
            ListUnsettledChangesResponse reply = await session.CallAsync((invoker, options) =>
                new JournalService.JournalServiceClient(invoker).ListUnsettledChangesAsync(new ListUnsettledChangesRequest(), options));
            return session.Show(reply, console => Write(reply.Changes, "every change is settled", console));
        });
        return command;
    }

    private static Command Reconcile(RemoteOptions remote, Terminal terminal)
    {
        var bench = new Argument<string?>("BENCH") { Description = "Name or path of a bench [default: all]", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("reconcile", "Reads the devices of unsettled changes back. Ends with 76 where a change is still unknown.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new ReconcileChangesRequest { Bench = parsed.GetValue(bench) ?? "" };
            ReconcileChangesResponse reply = await session.CallAsync(ReadBackLimit, (invoker, options) =>
                new JournalService.JournalServiceClient(invoker).ReconcileChangesAsync(request, options));
            session.Show(reply, console => Write(reply.Changes, "there was nothing to read back", console));
            return reply.Changes.Any(change => change.Outcome is ChangeOutcome.Unknown or ChangeOutcome.Unspecified) ? ExitCode.DeviceFault : ExitCode.Accept;
        });
        return command;
    }

    private static Command Settle(RemoteOptions remote, Terminal terminal)
    {
        var number = new Argument<long>("ID") { Description = "Number of the change, as list shows it" };
        var outcome = new Option<string>("--outcome") { Description = "old: the device is as before; new: the change is made", HelpName = "old|new",
            Required = true };
        outcome.AcceptOnlyFromAmong("old", "new");
        var reason = new Option<string>("--reason") { Description = "What that is known from; goes to the audit chain", HelpName = "TEXT", Required = true };
        var command = new Command("settle", "Takes your word for the outcome of a change that no read-back can tell; for admins.") { number, outcome, reason };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new SettleChangeRequest
            {
                Mutation = session.NewMutation(),
                Id = parsed.GetRequiredValue(number),
                Outcome = parsed.GetRequiredValue(outcome) == "old" ? ChangeOutcome.Old : ChangeOutcome.New,
                Reason = parsed.GetRequiredValue(reason),
            };
            SettleChangeResponse reply = await session.CallAsync((invoker, options) =>
                new JournalService.JournalServiceClient(invoker).SettleChangeAsync(request, options));
            return session.Show(reply, console => Write([reply.Change], "", console));
        });
        return command;
    }

    private static void Write(RepeatedField<Change> changes, string none, IAnsiConsole console)
    {
        if (changes.Count == 0)
        {
            console.WriteLine(none);
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumn("id").AddColumn("bench").AddColumn("change").AddColumn("by").AddColumn("begun").AddColumn("outcome");
        foreach (Change change in changes)
        {
            table.AddRow(
                $"{change.Id}", Markup.Escape(Path.GetFileNameWithoutExtension(change.Bench)), Markup.Escape(change.Kind), Markup.Escape(change.Actor),
                $"{change.Begun.ToDateTime():u}", Markup.Escape(OutcomeOf(change)));
        }

        console.Write(table);
    }

    private static string OutcomeOf(Change change) => change.Outcome switch
    {
        ChangeOutcome.Unspecified => "not read back yet",
        ChangeOutcome.Unknown => $"unknown: {change.Evidence}",
        _ => $"{change.Outcome.ToString().ToLowerInvariant()}: {change.Evidence}",
    };
}
