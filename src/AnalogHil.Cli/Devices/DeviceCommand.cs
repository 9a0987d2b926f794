using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;

namespace AnalogHil.Cli.Devices;

/// <summary>`hil device`: one device at a time.</summary>
internal static class DeviceCommand
{
    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "device",
                """
                Shows devices, arms and disarms them, reads and writes their settings, drives them.

                Examples:
                  hil device list
                  export ANALOGHIL_LEASE=$(hil lease acquire crossbar --ttl 600)
                  hil device arm crossbar
                  hil device settings crossbar --block 0=8
                  hil device execute crossbar batches.json
                  hil device disarm crossbar
                """)
            {
                List(remote, terminal),
                Show(remote, terminal),
                Arm(remote, terminal),
                Disarm(remote, terminal),
                ClearFault(remote, terminal),
                DeviceSettingsCommand.Create(remote, terminal),
                DeviceExecuteCommand.Create(remote, terminal),
            },
            withLease: true);
    }

    /// <summary>The bench that a command is about.</summary>
    public static Argument<string> Bench() => new("BENCH") { Description = "Name of a bench of the daemon, or path of a bench file on its machine" };

    private static Command List(RemoteOptions remote, Terminal terminal)
    {
        var command = new Command("list", "Lists the devices of the daemon's benches with their state and who uses them.");
        remote.Does(command, terminal, async (_, session) =>
        {
            var benches = new BenchService.BenchServiceClient(session.Invoker);
            ListDevicesResponse all = await Pages.AllAsync(token => session.CallAsync((_, options) =>
                benches.ListDevicesAsync(new ListDevicesRequest { PageSize = Pages.Size, PageToken = token }, options)));
            return session.Show(all, console => DeviceView.Write(all.Devices, console));
        });
        return command;
    }

    private static Command Show(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = Bench();
        var command = new Command("show", "Shows one device: who answers, what it declares, its telemetry. Opens none that is closed.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            GetDeviceResponse reply = await session.CallAsync((invoker, options) =>
                new BenchService.BenchServiceClient(invoker).GetDeviceAsync(new GetDeviceRequest { Bench = parsed.GetRequiredValue(bench) }, options));
            return session.Show(reply.Device, console => DeviceView.Write(reply.Device, console));
        });
        return command;
    }

    private static Command Arm(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = Bench();
        var command = new Command("arm", "Opens a device and allows driving it under the epoch of the lease.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            Mutation mutation = session.NewMutation();
            ArmResponse reply = await session.CallAsync((invoker, options) => new DeviceService.DeviceServiceClient(invoker).ArmAsync(
                new ArmRequest { Bench = parsed.GetRequiredValue(bench), Mutation = mutation }, options));
            return session.Show(reply.Device, console => DeviceView.Write([reply.Device], console));
        });
        return command;
    }

    private static Command Disarm(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = Bench();
        var command = new Command("disarm", "Makes a device safe and closes it, so that campaigns can have it.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            Mutation mutation = session.NewMutation();
            DisarmResponse reply = await session.CallAsync((invoker, options) => new DeviceService.DeviceServiceClient(invoker).DisarmAsync(
                new DisarmRequest { Bench = parsed.GetRequiredValue(bench), Mutation = mutation }, options));
            return session.Show(reply.Device, console => DeviceView.Write([reply.Device], console));
        });
        return command;
    }

    private static Command ClearFault(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = Bench();
        var command = new Command(
            "clear-fault",
            "Makes a faulted device safe, identifies it again and clears its fault. It stays safe: arm it next.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            Mutation mutation = session.NewMutation();
            ClearFaultResponse reply = await session.CallAsync((invoker, options) => new DeviceService.DeviceServiceClient(invoker).ClearFaultAsync(
                new ClearFaultRequest { Bench = parsed.GetRequiredValue(bench), Mutation = mutation }, options));
            return session.Show(reply.Device, console => DeviceView.Write([reply.Device], console));
        });
        return command;
    }
}
