using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Cli.Tests.Views;

/// <summary>A short campaign as its watcher sees it.</summary>
internal static class Events
{
    public static async IAsyncEnumerable<CampaignEvent> ShortCampaign()
    {
        await Task.CompletedTask;
        yield return new CampaignEvent { Progress = new Progress { Phase = CampaignPhase.Open, Message = "opening bench crossbar" } };
        yield return new CampaignEvent { Progress = new Progress { Phase = CampaignPhase.Calibrate, Total = 1000, Message = "offset" } };
        yield return new CampaignEvent
        {
            Sigmas = new SigmaEstimates
            {
                Reads = 2000,
                Sigmas =
                {
                    new Sigma
                    {
                        Name = "thermal",
                        Present = true,
                        Estimate = new Estimate { Value = 0.01, Low = 0.0095, High = 0.0105, Unit = "1", N = 800, Level = 0.95 },
                    },
                    new Sigma
                    {
                        Name = "weight",
                        Estimate = new Estimate { Value = 0, Low = 0, High = 0.002, Unit = "1", N = 800, Level = 0.95 },
                    },
                },
            },
        };
        yield return new CampaignEvent
        {
            Progress = new Progress
            {
                Phase = CampaignPhase.Calibrate,
                Done = 900,
                Total = 1000,
                Message = "averaging",
                PhaseRemaining = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)),
            },
        };
        yield return new CampaignEvent
        {
            Repeats = new LayerRepeats { Chosen = true, Layers = { new LayerRepeat { Name = "conv[1]", Repeats = 12, DotLength = 25, Macs = 1000 } } },
        };
        yield return new CampaignEvent { Note = new Note { Warning = true, Message = "layer [x] is odd" } };
        yield return new CampaignEvent { Result = new RunResponse { Verdict = Verdict.Accept } };
    }
}
