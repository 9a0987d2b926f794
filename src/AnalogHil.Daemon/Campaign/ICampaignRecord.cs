using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Keeps a campaign on disk while it runs, so that a crash leaves what is known, marked as partial.</summary>
internal interface ICampaignRecord
{
    /// <summary>Writes what is known as the record of a campaign that has come to <paramref name="phase"/> and has not ended.</summary>
    void WritePartial(CampaignState state, CampaignPhase phase);

    /// <summary>Writes what is known as the record of a campaign that ended in <paramref name="phase"/> without a verdict.</summary>
    void WriteFailed(CampaignState state, CampaignPhase phase, CampaignException failure);

    /// <summary>Takes out what was written for a campaign that was refused before its device was driven.</summary>
    void Discard();

    /// <summary>Writes the whole record.</summary>
    /// <returns>The campaign's result.</returns>
    RunResponse WriteFinal(CampaignState state);
}
