using System.CommandLine;
using System.Text;
using System.Text.Json;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Views;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Reports;
using AnalogHil.V1;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil report`: the tables of a record, and its page written again.</summary>
internal static class ReportCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory of a record, as hil run --out wrote it" };
        Option<bool> json = JsonOption.Create("Print the record as one JSON object, as hil run --json does");
        var command = new Command(
            "report",
            """
            Prints the tables of a record, then writes its report.html again; where that cannot be written it only says so. report.json stays
            as it is. Ends with the exit code of the record's verdict, or 75 when the record is partial.

            Examples:
              hil report runs/first
              hil report runs/first --json | jq .validation
            """)
        {
            directory, json,
        };
        command.SetAction(parsed => (int)Report(
            terminal, Path.GetFullPath(parsed.GetRequiredValue(directory), terminal.CurrentDirectory), parsed.GetValue(json)));
        return command;
    }

    private static ExitCode Report(Terminal terminal, string directory, bool json)
    {
        CampaignRecord record;
        try
        {
            record = RecordWriter.Read(directory);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or RecordFormatException)
        {
            throw new CliException(ExitCode.BadInput, $"{directory}: {unreadable.Message}", unreadable);
        }

        if (json)
        {
            using JsonDocument document = JsonDocument.Parse(RecordJson.Serialize(record));
            terminal.Output.WriteLine(JsonSerializer.Serialize(document.RootElement));
        }
        else
        {
            ReportView.Write(record, directory, terminal.CreateConsole());
        }

        WritePage(terminal, directory, record);
        Verdict verdict = WireVerdict.Of(record);
        return verdict == Verdict.Unspecified ? ExitCode.Stopped : ExitCodes.Of(verdict);
    }

    // Never report.json: plans name the record by the hash of that file. Who may only read the record has seen its tables by now.
    private static void WritePage(Terminal terminal, string directory, CampaignRecord record)
    {
        string page = Path.Combine(directory, RecordWriter.HtmlName);
        try
        {
            AtomicFile.Write(page, Encoding.UTF8.GetBytes(HtmlReport.Render(record)));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            terminal.Say($"hil: warning: {page} cannot be written: {refused.Message.TrimEnd('.')}; permit writing there, or copy the record");
        }
    }
}
