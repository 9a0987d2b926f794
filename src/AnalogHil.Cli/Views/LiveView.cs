using System.Globalization;
using AnalogHil.Daemon.Campaign;
using AnalogHil.V1;
using Spectre.Console;
using Spectre.Console.Rendering;
using Progress = AnalogHil.V1.Progress;

namespace AnalogHil.Cli.Views;

/// <summary>A picture that changes in place: the steps with their progress, sigma with its intervals, K of each layer.</summary>
internal sealed class LiveView(IAnsiConsole console) : ICampaignView
{
    /// <summary>Layers shown while the campaign runs; the rest is counted. The final table has all.</summary>
    private const int MostLayers = 24;

    private const int BarWidth = 24;

    private readonly Dictionary<CampaignPhase, Progress> _progress = [];
    private readonly List<Note> _notes = [];
    private CampaignPhase _phase;
    private SigmaEstimates? _sigmas;
    private LayerRepeats? _repeats;

    /// <inheritdoc/>
    public async Task<CampaignEvent> FollowAsync(IAsyncEnumerable<CampaignEvent> events)
    {
        CampaignEvent? last = null;
        await console.Live(Picture()).AutoClear(false).StartAsync(async context =>
        {
            await foreach (CampaignEvent happened in events)
            {
                last = happened;
                Take(happened);
                context.UpdateTarget(Picture());
            }
        });
        return last ?? throw new CliException(ExitCode.Internal, "the daemon ended the stream of events before the campaign's result");
    }

    private void Take(CampaignEvent happened)
    {
        switch (happened.KindCase)
        {
            case CampaignEvent.KindOneofCase.Progress:
                _phase = happened.Progress.Phase;
                _progress[_phase] = happened.Progress;
                break;
            case CampaignEvent.KindOneofCase.Sigmas:
                _sigmas = happened.Sigmas;
                break;
            case CampaignEvent.KindOneofCase.Repeats:
                _repeats = happened.Repeats;
                break;
            case CampaignEvent.KindOneofCase.Note:
                _notes.Add(happened.Note);
                break;
            default:
                // Result or error: every step that ran is over.
                _phase = CampaignPhase.Unspecified;
                break;
        }
    }

    private Rows Picture()
    {
        List<IRenderable> rows = [Steps()];
        if (_sigmas is { Sigmas.Count: > 0 })
        {
            rows.Add(Sigmas(_sigmas));
        }

        if (_repeats is { Layers.Count: > 0 })
        {
            rows.Add(Repeats(_repeats));
        }

        foreach (Note note in _notes)
        {
            rows.Add(new Markup($"[{(note.Warning ? "yellow" : "grey")}]{Markup.Escape((note.Warning ? "warning: " : "") + note.Message)}[/]"));
        }

        return new Rows(rows);
    }

    private Grid Steps()
    {
        var grid = new Grid().AddColumn().AddColumn().AddColumn();
        foreach (CampaignPhase phase in Wording.Phases)
        {
            if (!_progress.TryGetValue(phase, out Progress? progress))
            {
                grid.AddRow($"[grey]{PhaseNames.Of(phase)}[/]", "", "");
                continue;
            }

            bool running = phase == _phase;
            double share = running ? progress.Total > 0 ? (double)progress.Done / progress.Total : 0 : 1;
            int filled = (int)Math.Round(share * BarWidth);
            string remaining = running ? Wording.Remaining(progress) : "";
            grid.AddRow(
                $"[{(running ? "bold" : "green")}]{PhaseNames.Of(phase)}[/]",
                $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]",
                Markup.Escape(progress.Message + (remaining.Length > 0 ? $"; {remaining}" : "")));
        }

        return grid;
    }

    private static Table Sigmas(SigmaEstimates sigmas)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("noise").AddColumn("sigma of full scale, 95 % interval").AddColumn("half-width").AddColumn("n");
        foreach (Sigma sigma in sigmas.Sigmas)
        {
            table.AddRow(
                Markup.Escape(sigma.Name),
                Markup.Escape(Wording.Value(sigma)),
                Wording.RelativeHalfWidth(sigma),
                sigma.Estimate.N.ToString("N0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Table Repeats(LayerRepeats repeats)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("layer").AddColumn(repeats.Chosen ? "K" : "K so far").AddColumn("").AddColumn("N").AddColumn("MACs");
        double largest = repeats.Layers.Max(layer => layer.Repeats);
        foreach (LayerRepeat layer in repeats.Layers.Take(MostLayers))
        {
            table.AddRow(
                Markup.Escape(layer.Name),
                Wording.Repeats(layer.Repeats),
                new string('▇', (int)Math.Ceiling(layer.Repeats / largest * BarWidth)),
                layer.DotLength.ToString(CultureInfo.InvariantCulture),
                layer.Macs.ToString("N0", CultureInfo.InvariantCulture));
        }

        if (repeats.Layers.Count > MostLayers)
        {
            table.AddRow($"[grey]{repeats.Layers.Count - MostLayers} more[/]", "", "", "", "");
        }

        return table;
    }
}
