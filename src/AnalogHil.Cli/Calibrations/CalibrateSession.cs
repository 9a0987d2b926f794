using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration.Suite;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Signals;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Calibrations;

/// <summary>One `hil calibrate`, from the options to the exit code.</summary>
internal sealed class CalibrateSession(Terminal terminal)
{
    private const string UsualBench = "crossbar";

    /// <summary>Calibrates, keeps the result and shows it.</summary>
    public async Task<ExitCode> RunAsync(CalibrateOptions options, CancellationToken cancellationToken)
    {
        using var interrupts = new Interrupts(terminal);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Requested, cancellationToken);
        CalibrationOrder order = OrderOf(options);
        using CalibrationLedger ledger = StoreOption.Open(terminal, options.Store);
        CalibrationShelf shelf = ledger.Shelf;
        var view = new CalibrateView(options.Json ? terminal.Error : terminal.Output, terminal.Time);
        try
        {
            CalibrationDocument document = await CalibrationRunner.RunAsync(
                order, options.Resume is not null, uid => options.Suite.KeepsEarlier ? shelf.ActiveOf(uid) : null, view, terminal.Time, stop.Token);
            shelf.Add(document);
            bool used = options.Activate && document.Whole;
            if (used)
            {
                shelf.Activate(document.Id, order.By);
            }

            CalibrationFiles.Write(document, shelf);
            Print(document, options.Json, used);
            return document.Whole ? ExitCode.Accept : ExitCode.DeviceFault;
        }
        catch (CampaignException failure)
        {
            foreach (FieldError field in failure.Fields)
            {
                terminal.Say($"  {field.Path}: {field.Message}");
            }

            throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
        }
    }

    /// <summary>The order, with every path absolute.</summary>
    internal CalibrationOrder OrderOf(CalibrateOptions options)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        string bench = options.Resume is not null && options.Bench is null ? "" : files.Bench(options.Bench ?? UsualBench);
        DateTimeOffset now = terminal.Time.GetUtcNow();
        string usual = Path.Combine(
            "calibrations", string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Path.GetFileNameWithoutExtension(bench)}"));
        ImmutableArray<string> routines = options.Routines switch
        {
            null => SuiteCatalog.Usual,
            "all" => SuiteCatalog.Names,
            { } named => [.. named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        };
        return new CalibrationOrder(
            bench,
            files.Record(options.Resume ?? options.Output ?? usual),
            options.Suite with { Routines = routines, Tiles = options.Tiles is null ? null : TileList.Parse(options.Tiles) },
            options.Seed ?? (ulong)now.ToUnixTimeMilliseconds(),
            Environment.UserName);
    }

    private void Print(CalibrationDocument document, bool json, bool used)
    {
        if (json)
        {
            terminal.Output.WriteLine(CalibrationJson.Of(document));
            return;
        }

        CalibrationView.Write(document, terminal.CreateConsole());
        terminal.Output.WriteLine($"{document.Id} {(used ? "is in use" : document.Whole ? "is kept, not in use" : "is kept, not in use: routines without a result")}");
        terminal.Output.WriteLine($"report: {Path.Combine(document.Folder, DocumentFile.HtmlName)}");
    }
}
