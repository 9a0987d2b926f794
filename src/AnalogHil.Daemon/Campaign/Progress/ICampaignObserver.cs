using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Progress;

/// <summary>Sees a campaign happen. Calls come from the campaign's own thread of work, one at a time, and return at once.</summary>
internal interface ICampaignObserver
{
    /// <summary>A step went on: <paramref name="done"/> of <paramref name="total"/> units; a total of 0 is not known.</summary>
    void OnProgress(CampaignPhase phase, long done, long total, string message);

    /// <summary>The noise terms as known so far.</summary>
    void OnSigmas(IReadOnlyList<NoiseTermEstimate> terms, long reads);

    /// <summary>The redundancy of each layer; <paramref name="chosen"/> when it is the plan for the device.</summary>
    void OnPlan(PrecisionPlan plan, bool chosen);

    /// <summary>Something a person should know.</summary>
    void OnNote(bool warning, string message);
}
