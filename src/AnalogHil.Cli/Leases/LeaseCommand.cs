using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Devices;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace AnalogHil.Cli.Leases;

/// <summary>`hil lease`: the right to change a bench.</summary>
internal static class LeaseCommand
{
    private const int LongestWait = 3600;

    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "lease",
                $"""
                Acquires, renews, gives back and watches the right to change a bench. A lease has one holder and ends unless it is renewed; the
                device is made safe then. hil safe never needs one.

                Examples:
                  export {RemoteOptions.LeaseVariable}=$(hil lease acquire crossbar --ttl 600 --wait 60)
                  hil device arm crossbar
                  hil lease release
                """)
            {
                Acquire(remote, terminal),
                Renew(remote, terminal),
                Release(remote, terminal),
                Break(remote, terminal),
                LeaseWatchCommand.Create(remote, terminal),
            },
            withLease: true);
    }

    private static Command Acquire(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var ttl = new Option<int>("--ttl")
        {
            Description = "How long it holds without renewal, seconds, 1 .. 3600",
            HelpName = "S",
            DefaultValueFactory = _ => 60,
        };
        var wait = new Option<int>("--wait")
        {
            Description = $"How long to wait for others, seconds, at most {LongestWait}",
            HelpName = "S",
            DefaultValueFactory = _ => 5,
        };
        var command = new Command(
            "acquire",
            "Acquires the lease of a bench, after those who asked before, and prints its name for --lease.") { bench, ttl, wait };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new AcquireRequest
            {
                Bench = parsed.GetRequiredValue(bench),
                Mutation = new Mutation { RequestId = Guid.NewGuid().ToString() },
                Ttl = Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(ttl))),
            };
            var limit = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(wait), 1, LongestWait));
            AcquireResponse reply = await session.CallAsync(limit, (invoker, options) => new LeaseService.LeaseServiceClient(invoker).AcquireAsync(request, options));
            return session.Show(reply.Lease, console => console.WriteLine(reply.Lease.Name));
        });
        return command;
    }

    private static Command Renew(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("renew", "Holds the lease for its time from now.");
        remote.Does(command, terminal, async (_, session) =>
        {
            var request = new RenewRequest { Mutation = session.LeasedMutation() };
            RenewResponse reply = await session.CallAsync((invoker, options) => new LeaseService.LeaseServiceClient(invoker).RenewAsync(request, options));
            return session.Show(reply.Lease, console => console.WriteLine($"{reply.Lease.Name} holds until {reply.Lease.Expires.ToDateTime():u}"));
        });
        return command;
    }

    private static Command Release(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("release", "Gives the lease back; ends when the device is safe.");
        remote.Does(command, terminal, async (_, session) =>
        {
            var request = new ReleaseRequest { Mutation = session.LeasedMutation() };
            ReleaseResponse reply = await session.CallAsync((invoker, options) => new LeaseService.LeaseServiceClient(invoker).ReleaseAsync(request, options));
            return session.Show(reply, console => console.WriteLine($"{request.Mutation.Lease} is given back, its device is safe"));
        });
        return command;
    }

    private static Command Break(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var reason = new Option<string>("--reason") { Description = "Why, for its holder and the audit chain", HelpName = "TEXT", Required = true };
        var command = new Command(
            "break",
            "Makes a device safe at once and takes the lease from whoever holds it; for admins. Ends with 69 when the device could not be made safe.") { bench, reason };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new BreakRequest
            {
                Bench = parsed.GetRequiredValue(bench), Reason = parsed.GetRequiredValue(reason), Mutation = new Mutation { RequestId = Guid.NewGuid().ToString() },
            };
            BreakResponse reply = await session.CallAsync((invoker, options) => new LeaseService.LeaseServiceClient(invoker).BreakAsync(request, options));
            session.Show(reply, console => console.WriteLine(reply.Broken is { } broken
                ? string.Create(CultureInfo.InvariantCulture, $"{broken.Name} of {broken.Holder} is broken")
                : "nobody held the bench"));
            return reply.UnsafeReason.Length == 0
                ? ExitCode.Accept
                : throw new CliException(ExitCode.Unavailable, $"the device is not shown to be safe: {reply.UnsafeReason}; switch its drive off by hand");
        });
        return command;
    }
}
