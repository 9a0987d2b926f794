using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Auditing;

/// <summary>`hil audit`: who did what.</summary>
internal static class AuditCommand
{
    private const int PageSize = 1000;

    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "audit",
                """
                Lists who did what on a daemon, and verifies that no entry was altered or removed.

                Examples:
                  hil audit list --json | jq -c .entries[]
                  hil audit verify
                """)
            {
                List(remote, terminal),
                Verify(remote, terminal),
            },
            withLease: false);
    }

    private static Command List(RemoteOptions remote, Terminal terminal)
    {
        var after = new Option<long>("--after") { Description = "Sequence number after which to begin", HelpName = "N" };
        var command = new Command("list", "Lists the entries, oldest first.") { after };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var all = new ListAuditEntriesResponse();
            long last = parsed.GetValue(after);
            ListAuditEntriesResponse page;
            do
            {
                page = await session.CallAsync((invoker, options) => new AuditService.AuditServiceClient(invoker).ListAuditEntriesAsync(
                    new ListAuditEntriesRequest { PageSize = PageSize, AfterSequence = last }, options));
                all.Entries.AddRange(page.Entries);
                last = page.Entries.Count > 0 ? page.Entries[^1].Sequence : last;
            }
            while (page.Entries.Count == PageSize);

            return session.Show(all, console =>
            {
                foreach (AuditRecord entry in all.Entries)
                {
                    console.WriteLine($"{entry.Sequence} {entry.Time.ToDateTime():u} {entry.Actor} {entry.Action} {entry.Subject} {entry.Detail}");
                }
            });
        });
        return command;
    }

    private static Command Verify(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("verify", "Computes every hash of the chain again. Ends with 65 when an entry was altered or removed.");
        remote.Does(command, terminal, async (_, session) =>
        {
            VerifyAuditResponse reply = await session.CallAsync((invoker, options) =>
                new AuditService.AuditServiceClient(invoker).VerifyAuditAsync(new VerifyAuditRequest(), options));
            session.Show(reply, console => console.WriteLine(reply.Intact
                ? $"intact: {reply.Entries} entries, last hash {reply.LastHash}; keep it elsewhere to notice when the whole chain is rewritten"
                : $"broken: {reply.Problem}"));
            return reply.Intact ? ExitCode.Accept : ExitCode.BadInput;
        });
        return command;
    }
}
