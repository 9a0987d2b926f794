using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>What a plan that cannot be used means for the client that asked for it.</summary>
internal static class PlanFailures
{
    /// <summary>The refusal.</summary>
    /// <param name="failure">A <see cref="PrecisionException"/> or <see cref="MappingException"/>.</param>
    public static CampaignException Explain(Exception failure) => failure is PrecisionException failed
        ? PrecisionFailures.Explain(failed)
        : new CampaignException(ErrorReason.PlanDoesNotFit, failure.Message, failure);
}
