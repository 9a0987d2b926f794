using System.CommandLine;
using AnalogHil.Cli.Access;
using AnalogHil.Cli.Auditing;
using AnalogHil.Cli.Campaigns;
using AnalogHil.Cli.Completion;
using AnalogHil.Cli.Deployments;
using AnalogHil.Cli.Devices;
using AnalogHil.Cli.Doctoring;
using AnalogHil.Cli.Leases;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil`: the root of all commands.</summary>
internal static class HilCommand
{
    /// <summary>The commands with their options.</summary>
    public static RootCommand Create(Terminal terminal) => new(
        $"""
        Hardware-in-the-loop control for analog neural-network accelerators: measures a device's noise, learns how often each layer of a
        network has to be repeated, pushes that to the device and proves the accuracy on it.

        Try:  hil run                       the whole loop on the simulated crossbar that comes with the program
              hil run --bench homodyne      the same on another bench
              hil bench list                the benches that come with the program
              hil model check net.onnx      whether a network can be used, and what it costs
              hil plan learn                how much energy each of its layers needs, without a device

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
        DoctorCommand.Create(terminal),
        CompletionCommand.Create(terminal),
    };

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args, Terminal terminal)
    {
        ParseResult parsed = Create(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                await terminal.Error.WriteLineAsync($"hil: {error.Message}");
            }

            await terminal.Error.WriteLineAsync("hil: see hil --help, or hil COMMAND --help");
            return (int)ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,

                // The campaign, not the parser, decides how Ctrl-C ends: the device is made safe first.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CliException failure)
        {
            terminal.Say($"hil: {failure.Message}");
            return (int)failure.ExitCode;
        }
#pragma warning disable CA1031 // Scripts tell a defect by its exit code; a person gets one line and where to go with it.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            terminal.Say($"hil: {defect}");
            terminal.Say("hil: this is a defect of the program, please report it with the lines above");
            return (int)ExitCode.Internal;
        }
    }
}
