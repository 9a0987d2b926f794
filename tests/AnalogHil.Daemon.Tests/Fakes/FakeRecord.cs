using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Remembers what was written, in words.</summary>
internal sealed class FakeRecord : ICampaignRecord
{
    public List<string> Writes { get; } = [];

    public IOException? Fails { get; init; }

    public void WritePartial(CampaignState state, CampaignPhase phase) => Add($"partial {phase}");

    /// <summary>What the last failed record says.</summary>
    public CampaignException? Failure { get; private set; }

    public void WriteFailed(CampaignState state, CampaignPhase phase, CampaignException failure)
    {
        Failure = failure;
        Add($"failed {phase} {failure.Reason} device {state.EndState?.ToString() ?? "unknown"}");
    }

    public void Discard() => Add("discarded");

    public RunResponse WriteFinal(CampaignState state)
    {
        Add($"final device {state.EndState}");
        return new RunResponse { Verdict = Verdict.Accept, Reason = "all is well", OutputDirectory = state.Request.OutputDirectory };
    }

    private void Add(string what)
    {
        if (Fails is not null)
        {
            throw Fails;
        }

        Writes.Add(what);
    }
}
