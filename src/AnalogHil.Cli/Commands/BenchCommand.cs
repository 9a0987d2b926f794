using System.CommandLine;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Lines;
using AnalogHil.Cli.Remote;
using AnalogHil.Cli.Sessions;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil bench`: the benches there are, and whether a file is one.</summary>
internal static class BenchCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        Option<string?> server = ServerAddress.CreateOption(ServerAddress.Help);
        Option<bool> json = JsonOption.Create();
        var list = new Command("list", "Lists the benches by name, with their architecture or their errors.") { json };
        list.SetAction(async (parsed, cancellationToken) => (int)await ListAsync(terminal, parsed.GetValue(server), parsed.GetValue(json), cancellationToken));

        var file = new Argument<string>("FILE") { Description = "Bench file, or name of a bench that comes with the program" };
        var check = new Command(
            "check",
            """
            Checks a bench file and says every error at once; opens no device.

            Example:  hil bench check config/benches/crossbar.json
            """)
        {
            file, json,
        };
        check.SetAction(async (parsed, cancellationToken) =>
            (int)await CheckAsync(terminal, parsed.GetValue(server), parsed.GetRequiredValue(file), parsed.GetValue(json), cancellationToken));
        return new Command("bench", "Shows and checks benches: files that describe one device each.") { list, check, LinkDiscoverCommand.Create(terminal), server };
    }

    private static async Task<ExitCode> ListAsync(Terminal terminal, string? server, bool json, CancellationToken cancellationToken)
    {
        await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, cancellationToken);
        var benches = new BenchService.BenchServiceClient(session.Invoker);
        ListBenchesResponse reply = await Pages.AllAsync(token => session.CallAsync(
            (_, options) => benches.ListBenchesAsync(new ListBenchesRequest { PageSize = Pages.Size, PageToken = token }, options), cancellationToken));
        if (json)
        {
            await terminal.Output.WriteLineAsync(ProtoJson.Of(reply));
            return ExitCode.Accept;
        }

        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("bench").AddColumn("architecture").AddColumn("description");
        foreach (Bench bench in reply.Benches)
        {
            table.AddRow(
                Markup.Escape(bench.Name),
                Markup.Escape(bench.Architecture),
                bench.Errors.Count > 0
                    ? $"[red]{Counted(bench)}, see: hil bench check {Markup.Escape(bench.Path)}[/]"
                    : Markup.Escape(bench.Description));
        }

        IAnsiConsole console = terminal.CreateConsole();
        console.Write(table);
        foreach (string? directory in reply.Benches.Select(bench => Path.GetDirectoryName(bench.Path)).Distinct())
        {
            console.WriteLine($"in {directory}");
        }

        return ExitCode.Accept;
    }

    private static string Counted(Bench bench) => bench.Errors.Count == 1 ? "1 error" : $"{bench.Errors.Count} errors";

    private static async Task<ExitCode> CheckAsync(Terminal terminal, string? server, string given, bool json, CancellationToken cancellationToken)
    {
        string path = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).Bench(given);
        await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, cancellationToken);
        GetBenchResponse reply = await session.CallAsync(
            (invoker, options) => new BenchService.BenchServiceClient(invoker).GetBenchAsync(new GetBenchRequest { Name = path }, options), cancellationToken);
        Bench bench = reply.Bench;
        if (json)
        {
            await terminal.Output.WriteLineAsync(ProtoJson.Of(bench));
            return bench.Errors.Count == 0 ? ExitCode.Accept : ExitCode.BadInput;
        }

        if (bench.Errors.Count == 0)
        {
            await terminal.Output.WriteLineAsync($"{bench.Path}: good, {bench.Architecture}, sha256 {bench.Sha256}");
            return ExitCode.Accept;
        }

        await terminal.Error.WriteLineAsync($"hil: {bench.Path} has {Counted(bench)}:");
        foreach (BenchError error in bench.Errors)
        {
            await terminal.Error.WriteLineAsync($"  {error.Path}{(error.Path.Length > 0 ? ": " : "")}{error.Message}");
        }

        return ExitCode.BadInput;
    }
}
