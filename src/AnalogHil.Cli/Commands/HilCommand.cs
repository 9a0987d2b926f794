using System.CommandLine;
using AnalogHil.Cli.Access;
using AnalogHil.Cli.Auditing;
using AnalogHil.Cli.Campaigns;
using AnalogHil.Cli.Completion;
using AnalogHil.Cli.Deployments;
using AnalogHil.Cli.Devices;
using AnalogHil.Cli.Doctoring;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Journaling;
using AnalogHil.Cli.Leases;
using AnalogHil.Cli.Lines;
using AnalogHil.Cli.Models;
using AnalogHil.Cli.Plans;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil`: the root of all commands.</summary>
internal static class HilCommand
{
    /// <summary>The commands with their options.</summary>
    public static RootCommand Create(Terminal terminal)
    {
        RootCommand root = Tree(terminal);
        ShortHelp.AddTo(root);
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Create(terminal).Parse(args);
        bool json = JsonOption.IsIn(parsed);
        if (parsed.Errors.Count > 0)
        {
            return await RefuseAsync(parsed, json, terminal);
        }

        try
        {
            return await parsed.InvokeAsync(Configuration(terminal), cancellationToken);
        }
        catch (CliException failure)
        {
            terminal.Say($"hil: {failure.Message}");
            Tell(json, ErrorJson.Of(failure), terminal);
            return (int)failure.ExitCode;
        }
#pragma warning disable CA1031 // Scripts tell a defect by its exit code; a person gets one line and where to go with it.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            terminal.Say($"hil: {defect}");
            terminal.Say("hil: this is a defect of the program, please report it with the lines above");
            Tell(json, ErrorJson.OfDefect(defect), terminal);
            return (int)ExitCode.Internal;
        }
    }

    private static InvocationConfiguration Configuration(Terminal terminal) => new()
    {
        Output = terminal.Output,
        Error = terminal.Error,
        EnableDefaultExceptionHandler = false,

        // The campaign, not the parser, decides how Ctrl-C ends: the device is made safe first.
        ProcessTerminationTimeout = null,
    };

    private static async Task<int> RefuseAsync(ParseResult parsed, bool json, Terminal terminal)
    {
        string path = UsageFaults.PathOf(parsed);
        IReadOnlyList<string> faults = UsageFaults.Of(parsed);
        if (faults.Count == 0 && !json)
        {
            // Only a command is missing: which there are is what helps.
            await Create(terminal).Parse([.. path.Split(' ').Skip(1), "--help"]).InvokeAsync(Configuration(terminal));
        }

        foreach (string fault in faults)
        {
            terminal.Say($"hil: {fault}");
        }

        string remedy = faults.Count == 0 ? $"{(path == "hil" ? "a command is missing" : $"{path} needs one of its commands")}; see {path} --help"
            : $"see {path} --help";
        terminal.Say($"hil: {remedy}");
        Tell(json, ErrorJson.OfUsage(string.Join("; ", [.. faults, remedy])), terminal);
        return (int)ExitCode.Usage;
    }

    private static void Tell(bool json, string line, Terminal terminal)
    {
        try
        {
            if (json)
            {
                terminal.Output.WriteLine(line);
            }
        }
        catch (IOException)
        {
            // Nobody reads it any more; the line on standard error and the exit code say the same.
        }
    }

    private static RootCommand Tree(Terminal terminal) => new(
        $"""
        Hardware-in-the-loop control for analog neural-network accelerators: measures a device's noise, learns how often each layer of a
        network has to be repeated, pushes that to the device and proves the accuracy on it.

        Try:  hil run                       the whole loop on the simulated crossbar that comes with the program
              hil run --bench homodyne      the same on another bench
              hil bench list                the benches that come with the program
              hil model check net.onnx      whether a network can be used, and what it costs
              hil plan learn                how much energy each of its layers needs, without a device
              hil COMMAND --help            everything about one command, with examples

        {ExitCodes.Help}
        """)
    {
        RunCommand.Create(terminal),
        Calibrations.CalibrateCommand.Create(terminal),
        CampaignCommand.Create(terminal),
        LeaseCommand.Create(terminal),
        DeviceCommand.Create(terminal),
        SafeCommand.Create(terminal),
        WatchCommand.Create(terminal),
        PushCommand.Create(terminal),
        ValidateCommand.Create(terminal),
        BenchCommand.Create(terminal),
        ModelCommand.Create(terminal),
        PlanCommand.Create(terminal),
        LinkCommand.Create(terminal),
        LinkVectorsCommand.Create(terminal),
        ReportCommand.Create(terminal),
        DaemonCommand.Create(terminal),
        TokenCommand.Create(terminal),
        AuditCommand.Create(terminal),
        JournalCommand.Create(terminal),
        DoctorCommand.Create(terminal),
        CompletionCommand.Create(terminal),
    };
}
