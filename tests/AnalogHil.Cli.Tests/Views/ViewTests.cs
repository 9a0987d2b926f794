using AnalogHil.Cli.Views;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Tests.Views;

public sealed class ViewTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task PlainView_ShortCampaign_SaysEachThingOnALine()
    {
        CampaignEvent last = await new PlainView(_output, TimeProvider.System).FollowAsync(Events.ShortCampaign());

        Assert.Equal(CampaignEvent.KindOneofCase.Result, last.KindCase);
        Assert.Equal(
            [
                "open: opening bench crossbar",
                "calibrate: offset",
                "calibrate 90 %: averaging",
                "  sigma thermal: 0.01 [0.0095, 0.0105] +-5.0 % (95 %, of full scale, n 800)",
                "  sigma weight: not told from 0, below 0.002 (95 %, of full scale, n 800)",
                "  K    12  conv[1]  (N 25, 1000 MACs)",
                "warning: layer [x] is odd",
            ],
            _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task LiveView_ShortCampaign_ShowsStepsSigmasAndK()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(_output),
        });
        console.Profile.Width = 120;

        CampaignEvent last = await new LiveView(console).FollowAsync(Events.ShortCampaign());

        Assert.Equal(Verdict.Accept, last.Result.Verdict);
        string shown = _output.ToString();
        Assert.Contains("0.01 [0.0095, 0.0105]", shown, StringComparison.Ordinal);
        Assert.Contains("conv[1]", shown, StringComparison.Ordinal);
        Assert.Contains("warning: layer [x] is odd", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
    }

    [Fact]
    public void ReportView_LayersWithNoiseBits_SaysWhatTheyRestOn()
    {
        using var terminal = new FakeTerminal();
        var record = new CampaignRecord
        {
            Status = RecordStatus.Partial,
            Phase = "learn",
            Provenance = new ProvenanceRecord { Seed = 1, ModelSha256 = new string('1', 64), BenchSha256 = new string('2', 64), Commit = "", Started = DateTimeOffset.UnixEpoch },
            Plan = new PlanRecord { Mode = "read-and-average", Layers = [new PlanLayerRecord("fc", 64, 640, 3, 4.5)] },
        };

        ReportView.Write(record, "runs/a", terminal.Terminal.CreateConsole());

        // However the title is broken to the width.
        string shown = string.Join(' ', terminal.Output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("noise bits: of the range seen on at most 64 images", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(187, "3:07 min")]
    public void Time_Seconds_ReadsLikeAPersonSaysIt(double seconds, string expected) =>
        Assert.Equal(expected, Wording.Time(TimeSpan.FromSeconds(seconds)));
}
