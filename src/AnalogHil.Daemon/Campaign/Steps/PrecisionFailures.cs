using System.Collections.Immutable;
using AnalogHil.Daemon.Errors;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>What a failure of learning, pushing or validating means for the campaign.</summary>
internal static class PrecisionFailures
{
    /// <summary>The campaign's failure.</summary>
    public static CampaignException Explain(PrecisionException failed) => new(
        failed.Fault switch
        {
            PrecisionFault.Data => ErrorReason.DataInvalid,
            PrecisionFault.PushMismatch => ErrorReason.DeviceFault,
            _ => ErrorReason.PlanDoesNotFit,
        },
        failed.Message,
        failed)
    {
        Metadata = ImmutableDictionary<string, string>.Empty.Add("precision_fault", failed.Fault.ToString()),
    };
}
