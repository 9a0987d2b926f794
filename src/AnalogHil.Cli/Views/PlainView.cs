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
    private Progress? _unwritten;

    /// <inheritdoc/>
    public async Task<CampaignEvent> FollowAsync(IAsyncEnumerable<CampaignEvent> events)
    {
        CampaignEvent? last = null;
        await foreach (CampaignEvent happened in events)
        {
            Show(happened);
            last = happened;
        }

        WriteEndOfStep();
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
                WriteEndOfStep();
                foreach (LayerRepeat layer in happened.Repeats.Layers)
                {
                    output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"  K {Wording.Repeats(layer.Repeats),5}  {layer.Name}  (N {layer.DotLength}, {layer.Macs} MACs)"));
                }

                break;
            case CampaignEvent.KindOneofCase.Note:
                WriteEndOfStep();
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
            WriteEndOfStep();
        }
        else if (time.GetElapsedTime(_lastLine) < Spacing)
        {
            _unwritten = progress;
            return;
        }

        _phase = progress.Phase;
        _lastLine = time.GetTimestamp();
        Write(progress, share: !isNew);
        if (!isNew && progress.Phase == CampaignPhase.Calibrate)
        {
            WriteSigmas();
        }
    }

    private void Write(Progress progress, bool share)
    {
        _unwritten = null;
        string done = progress.Total > 0 && share
            ? string.Create(CultureInfo.InvariantCulture, $" {100.0 * progress.Done / progress.Total:0} %")
            : "";
        string remaining = Wording.Remaining(progress);
        output.WriteLine($"{PhaseNames.Of(progress.Phase)}{done}: {progress.Message}{(remaining.Length > 0 ? "; " + remaining : "")}");
    }

    // What came too soon after a line, and is the last word before something else.
    private void WriteEndOfStep()
    {
        if (_unwritten is { } last)
        {
            last.PhaseRemaining = null;
            Write(last, share: true);
        }

        WriteSigmas();
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
