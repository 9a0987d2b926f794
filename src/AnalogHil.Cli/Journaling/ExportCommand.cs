using System.CommandLine;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Journaling;

/// <summary>`hil journal export`: any entry of a daemon's ledger as files that need no program of ours.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, LedgerEntryKind> Kinds = Enum.GetValues<LedgerEntryKind>()
        .Where(kind => kind != LedgerEntryKind.Unspecified).ToDictionary(kind => kind.ToString().ToLowerInvariant(), kind => kind, StringComparer.Ordinal);

    /// <summary>The command.</summary>
    public static Command Create(RemoteOptions remote, Terminal terminal)
    {
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal)) };
        kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        var name = new Argument<string>("NAME")
        {
            Description = "Which: path of the bench for lease, number for intent and audit, name for operation and calibration, \"KIND ID\" for record, \"CALLER ID\" for request",
        };
        var output = new Option<string>("--out", "-o") { Description = "Directory for the files; files in it of the same name are replaced",
            HelpName = "DIR", Required = true };
        var command = new Command(
            "export",
            """
            Writes any entry of the daemon's ledger as files: JSON, and one .npy for each array. Times in them are milliseconds since 1970.

            Example:  hil journal export calibration 0198... --out exported
            """)
        {
            kind, name, output,
        };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            string directory = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).Output(parsed.GetRequiredValue(output));
            var request = new ExportEntryRequest { Kind = Kinds[parsed.GetRequiredValue(kind)], Name = parsed.GetRequiredValue(name) };
            List<string> files = await RemoteSession.RefusableAsync(() => WriteAsync(session, request, directory));
            if (session.Json)
            {
                terminal.Output.WriteLine(JsonLine.Write(json =>
                {
                    json.WriteStartArray("files");
                    files.ForEach(json.WriteStringValue);
                    json.WriteEndArray();
                }));
            }
            else
            {
                files.ForEach(terminal.Output.WriteLine);
            }

            return ExitCode.Accept;
        });
        return command;
    }

    private static async Task<List<string>> WriteAsync(RemoteSession session, ExportEntryRequest request, string directory)
    {
        using AsyncServerStreamingCall<ExportEntryResponse> call = new JournalService.JournalServiceClient(session.Invoker)
            .ExportEntry(request, cancellationToken: session.Cancelled);
        var written = new List<string>();
        FileStream? file = null;
        try
        {
            await foreach (ExportEntryResponse part in call.ResponseStream.ReadAllAsync(session.Cancelled))
            {
                // Only the last part of the name: what a daemon says must not lead out of the directory.
                string path = Path.Combine(directory, Path.GetFileName(part.FileName));
                if (file?.Name != path)
                {
                    await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
                    Directory.CreateDirectory(directory);
                    file = File.Create(path);
                    written.Add(path);
                }

                await file.WriteAsync(part.Chunk.Memory, session.Cancelled);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.CannotWrite,
                $"{directory} cannot be written: {refused.Message.TrimEnd('.')}; choose another place with --out", refused);
        }
        finally
        {
            await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        return written;
    }
}
