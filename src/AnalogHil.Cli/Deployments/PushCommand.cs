using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Devices;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Plans;
using AnalogHil.Cli.Remote;
using AnalogHil.Daemon.Plans;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Deployments;

/// <summary>`hil push`: a network and its plan onto an armed device, step by step.</summary>
internal static class PushCommand
{
    private static readonly TimeSpan StageLimit = TimeSpan.FromMinutes(10);

    /// <summary>The command with those under it.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        return remote.On(
            new Command(
                "push",
                """
                Brings a network and its plan onto an armed device: stage (program, write, read back, compare), commit (put in force), rollback.

                Examples:
                  hil push stage crossbar --record runs/first
                  hil push stage crossbar --record runs/first --plan modes.plan.json
                  hil push commit crossbar HASH
                  hil validate crossbar --max-drop 6
                  hil push rollback crossbar
                """)
            {
                Stage(remote, terminal),
                Commit(remote, terminal),
                Rollback(remote, terminal),
            },
            withLease: true);
    }

    private static Command Stage(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var record = new Option<string>("--record")
        {
            Description = "Record of a campaign on this bench: its calibration corrects the read-outs",
            HelpName = "DIR",
            Required = true,
        };
        var model = new Option<string?>("--model", "-m") { Description = "models/HASH, ONNX model, or name of one that comes with the program [default: that of the record]", HelpName = "FILE" };
        var plan = new Option<string?>("--plan")
        {
            Description = "plans/HASH, or a plan file, which the daemon is given first: a plan in whole repeats [default: the plan that the record's campaign learned]",
            HelpName = "PLAN|FILE",
        };
        var uniform = new Option<int?>("--uniform") { Description = "The same K for every layer, instead of a plan", HelpName = "K" };
        var reprogram = new Option<bool>("--reprogram")
        {
            Description = "Program anew although a plan is in force, which ends and cannot be rolled back to",
        };
        var command = new Command(
            "stage",
            """
            Programs the network where the device does not have it yet, or not with the copies in space or the full scales that the plan wants, and stages the plan.
            Prints the hash that commit wants.
            """)
        {
            bench, record, model, plan, uniform, reprogram,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(plan) is { Implicit: false } && result.GetResult(uniform) is { Implicit: false })
            {
                result.AddError("--plan and --uniform both say what K is; give one of them");
            }
        });
        remote.Does(command, terminal, async (parsed, session) =>
        {
            string? file = parsed.GetValue(model);
            var request = new StageRequest
            {
                Bench = parsed.GetRequiredValue(bench),
                Mutation = session.NewMutation(),
                Record = Path.GetFullPath(parsed.GetRequiredValue(record), terminal.CurrentDirectory),
                Reprogram = parsed.GetValue(reprogram),
                Model = file is null ? "" : new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).ModelOfDaemon(file),
            };
            if (parsed.GetValue(plan) is { } named)
            {
                // Anything else is a file, also in a folder that is called plans.
                request.PlanName = PlanShelf.IsName(named) ? named : (await PlanImportCommand.SendAsync(session, terminal, named)).Plan.Name;
            }
            else if (parsed.GetValue(uniform) is { } repeats)
            {
                request.UniformRepeats = repeats;
            }

            StageResponse reply = await session.CallAsync(StageLimit, (invoker, options) => new DeploymentService.DeploymentServiceClient(invoker).StageAsync(request, options));
            return session.Show(reply.Deployment, console => Write(reply.Deployment, console));
        });
        return command;
    }

    private static Command Commit(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var hash = new Argument<string>("HASH") { Description = "Hash that stage printed" };
        var command = new Command(
            "commit",
            "Puts the staged plan in force, and reads it back. When the outcome is unknown, the device is asked.") { bench, hash };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            string named = parsed.GetRequiredValue(bench);
            string wanted = parsed.GetRequiredValue(hash);
            var request = new CommitRequest { Bench = named, Mutation = session.NewMutation(), ExpectedHash = wanted };

            // What the device will tell is the hash of settings alone, which the hash of a plan with copies in space or full scales is not.
            string staged = (await SettingsAsync(session, named, staged: true)).Etag;
            Deployment deployment = await Reconciliation.OfAsync(
                async () => (await session.CallAsync((invoker, options) => new DeploymentService.DeploymentServiceClient(invoker).CommitAsync(request, options))).Deployment,
                async () =>
                {
                    Settings found = await SettingsAsync(session, named, staged: false);
                    return new Deployment { Bench = named, ActiveHash = found.Etag, Blocks = found.Blocks.Count };
                },
                found => found.ActiveHash == staged);
            return session.Show(deployment, console => Write(deployment, console));
        });
        return command;
    }

    private static async Task<Settings> SettingsAsync(RemoteSession session, string bench, bool staged) =>
        (await session.CallAsync((invoker, options) => new DeviceService.DeviceServiceClient(invoker).GetSettingsAsync(
            new GetSettingsRequest { Bench = bench, Staged = staged }, options))).Settings;

    private static Command Rollback(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var command = new Command("rollback", "Puts the plan before the last commit back in force, and reads it back.") { bench };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var request = new RollbackRequest { Bench = parsed.GetRequiredValue(bench), Mutation = session.NewMutation() };
            RollbackResponse reply = await session.CallAsync((invoker, options) => new DeploymentService.DeploymentServiceClient(invoker).RollbackAsync(request, options));
            return session.Show(reply.Deployment, console => Write(reply.Deployment, console));
        });
        return command;
    }

    private static void Write(Deployment deployment, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("layer").AddColumn("N").AddColumn("K").AddColumn("repeats made by");
        foreach (LayerRepeat layer in deployment.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name),
                layer.DotLength.ToString(CultureInfo.InvariantCulture),
                layer.Repeats.ToString("0.##", CultureInfo.InvariantCulture),
                Markup.Escape(layer.Mode));
        }

        console.Write(table);
        console.WriteLine($"{deployment.Bench}: {deployment.Blocks} blocks, in force {deployment.ActiveHash}");
        foreach (string note in deployment.Notes)
        {
            console.WriteLine($"note: {note}");
        }

        if (deployment.Programmed)
        {
            console.WriteLine("weights were programmed and nothing is committed since: K = 1 is in force, and rollback brings nothing back");
        }

        if (deployment.ActivePlanHash.Length > 0 && deployment.ActivePlanHash != deployment.ActiveHash)
        {
            console.WriteLine($"in force with what goes with its settings: plan {deployment.ActivePlanHash}");
        }

        if (deployment.StagedHash.Length > 0)
        {
            console.WriteLine($"staged {deployment.StagedHash}; put it in force with: hil push commit {deployment.Bench} {deployment.StagedHash}");
        }
    }
}
