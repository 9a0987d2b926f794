using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Devices;

/// <summary>`hil safe`: turns drives off.</summary>
internal static class SafeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        var bench = new Argument<string?>("BENCH")
        {
            Description = "Name or path of a bench [default: every device that is open]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var reason = new Option<string?>("--reason") { Description = "Why, for the log and for whoever uses the device", HelpName = "TEXT" };
        Command command = remote.On(
            new Command(
                "safe",
                """
                Turns the drive of a device off, or of all that the daemon has open, whoever uses them. Needs no lease. A campaign on the device
                ends, and its record can be resumed. Ends with 69 when a device does not say that it is safe: switch it off by hand then.

                Examples:
                  hil safe
                  hil safe crossbar --reason "smell of burning"
                """)
            {
                bench, reason,
            },
            withLease: false);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new EnterSafeStateRequest { Bench = parsed.GetValue(bench) ?? "", Reason = parsed.GetValue(reason) ?? "hil safe" };
            EnterSafeStateResponse reply = await session.CallAsync((invoker, options) =>
                new DeviceService.DeviceServiceClient(invoker).EnterSafeStateAsync(request, options));
            return session.Show(reply, console =>
            {
                if (reply.Devices.Count == 0)
                {
                    console.WriteLine("no device is open: nothing is driven by this daemon");
                    return;
                }

                DeviceView.Write(reply.Devices, console);
            });
        });
        return command;
    }
}
