using System.CommandLine;
using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Serial.Diagnostics.Vectors;

namespace AnalogHil.Cli.Lines;

/// <summary>`hil firmware`: whether a firmware speaks the serial link as this program does.</summary>
internal static class LinkVectorsCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var place = new Argument<string?>("PLACE")
        {
            Description = $"What to check: a {LinkPlaces.Help}; or a directory of vectors that another implementation wrote [default: this program]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int?> baud = LinkPlaces.Baud();
        var export = new Option<string?>("--export")
        {
            Description = "Write the golden vectors of this program into DIR, for the tests of a firmware",
            HelpName = "DIR",
        };
        var print = new Option<bool>("--print") { Description = "Print the golden vectors of this program" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line" };
        var vectors = new Command(
            "vectors",
            """
            Checks with golden vectors: over a line, payloads there and back, and broken frames between good ones, each of which the firmware must
            refuse for its reason; of a directory, every frame, broken frame and struct in it. Drives nothing. Ends with 76 where something differs.

            Examples:
              hil firmware vectors serial-posix
              hil firmware vectors /dev/ttyUSB0 --baud 921600
              hil firmware vectors --export ./vectors
            """)
        {
            place, baud, export, print, json,
        };
        vectors.Validators.Add(result =>
        {
            if (result.GetResult(place) is { Tokens.Count: > 0 } && (result.GetResult(export) is not null || result.GetValue(print)))
            {
                result.AddError("--export and --print are about this program's own vectors, so no PLACE can be given with them");
            }

            if (result.GetValue(print) && result.GetValue(json))
            {
                result.AddError("--print prints text, --json one JSON object; give one of them");
            }
        });
        vectors.SetAction(async (parsed, cancellationToken) => (int)await RunAsync(
            terminal,
            parsed.GetValue(place),
            parsed.GetValue(baud) ?? LinkPlaces.UsualBaud,
            parsed.GetValue(export),
            parsed.GetValue(print),
            parsed.GetValue(json),
            cancellationToken));
        return new Command("firmware", "Checks the firmware of devices.") { vectors };
    }

    private static async Task<ExitCode> RunAsync(
        Terminal terminal, string? given, int baud, string? export, bool print, bool json, CancellationToken cancellationToken)
    {
        if (export is not null)
        {
            Export(new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).Output(export));
        }

        if (print)
        {
            foreach (string file in GoldenVectors.Files)
            {
                await terminal.Output.WriteLineAsync($"== {file}");
                await terminal.Output.WriteAsync(GoldenVectors.OfThisProgram.TextOf(file));
            }
        }

        VectorReport report;
        try
        {
            string? place = given is null ? null
                : Directory.Exists(Path.GetFullPath(given, terminal.CurrentDirectory)) ? Path.GetFullPath(given, terminal.CurrentDirectory)
                : LinkPlaces.Of(terminal, given);
            report = await FirmwareVectors.CheckAsync(place, baud, terminal.Time, cancellationToken);
        }
        catch (CampaignException failure)
        {
            throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
        }

        await terminal.Output.WriteLineAsync(json ? VectorLines.JsonOf(report) : VectorLines.TextOf(report));
        return report.Passed ? ExitCode.Accept : ExitCode.DeviceFault;
    }

    private static void Export(string directory)
    {
        try
        {
            GoldenVectors.OfThisProgram.Write(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.CannotWrite, $"{directory} cannot be written: {failure.Message}; name another directory", failure);
        }
    }
}
