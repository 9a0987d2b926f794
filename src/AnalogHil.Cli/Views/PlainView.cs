using System.Globalization;
using AnalogHil.Daemon.Campaign;
using AnalogHil.V1;

namespace AnalogHil.Cli.Views;

/// <summary>One line for each thing that happened: for files, pipes and logs.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="time">The clock that spaces progress lines.</param>
internal sealed class PlainView(TextWriter output, TimeProvider time) : ICampaignView
{
    /// <summary>Shortest time between two lines about the same step.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private CampaignPhase _phase;
    private long _lastLine;
    private SigmaEstimates? _sigmas;

    /// <inheritdoc/>
    public async Task<CampaignEvent> FollowAsync(IAsyncEnumerable<CampaignEvent> events)
    {
        CampaignEvent? last = null;
        await foreach (CampaignEvent happened in events)
        {
            Show(happened);
            last = happened;
        }

        WriteSigmas();
        return last ?? throw new CliException(ExitCode.Internal, "the daemon ended the stream of events before the campaign's result");
    }

    private void Show(CampaignEvent happened)
    {
        switch (happened.KindCase)
        {
            case CampaignEvent.KindOneofCase.Progress:
                ShowProgress(happened.Progress);
                break;
            case CampaignEvent.KindOneofCase.Sigmas:
                _sigmas = happened.Sigmas;
                break;
            case CampaignEvent.KindOneofCase.Repeats when happened.Repeats.Chosen:
                foreach (LayerRepeat layer in happened.Repeats.Layers)
                {
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"  K {Wording.Repeats(layer.Repeats),5}  {layer.Name}  (N {layer.DotLength}, {layer.Macs} MACs)"));
                }

                break;
            case CampaignEvent.KindOneofCase.Note:
                output.WriteLine($"{(happened.Note.Warning ? "warning: " : "")}{happened.Note.Message}");
                break;
            default:
                break;
        }
    }

    private void ShowProgress(Progress progress)
    {
        bool isNew = progress.Phase != _phase;
        if (isNew)
        {
            WriteSigmas();
        }
        else if (time.GetElapsedTime(_lastLine) < Spacing)
        {
            return;
        }

        _phase = progress.Phase;
        _lastLine = time.GetTimestamp();
        string share = progress.Total > 0 && !isNew
            ? string.Create(CultureInfo.InvariantCulture, $" {100.0 * progress.Done / progress.Total:0} %")
            : "";
        string remaining = Wording.Remaining(progress);
        output.WriteLine($"{PhaseNames.Of(progress.Phase)}{share}: {progress.Message}{(remaining.Length > 0 ? "; " + remaining : "")}");
        if (!isNew && progress.Phase == CampaignPhase.Calibrate)
        {
            WriteSigmas();
        }
    }

    private void WriteSigmas()
    {
        if (_sigmas is not { } sigmas)
        {
            return;
        }

        foreach (Sigma sigma in sigmas.Sigmas)
        {
            output.WriteLine(
                $"  sigma {sigma.Name}: {Wording.Value(sigma)} {Wording.RelativeHalfWidth(sigma)} (95 %, of full scale, n {sigma.Estimate.N})".Replace("  (", " (", StringComparison.Ordinal));
        }

        _sigmas = null;
    }
}
