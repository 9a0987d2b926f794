using System.Collections.Immutable;
using AnalogHil.Calibration;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Says of every exception that can leave a step what kind of failure it is.</summary>
internal static class Failures
{
    /// <summary>The failure that ends the campaign.</summary>
    public static CampaignException Explain(
        Exception exception, CampaignPhase phase, CampaignState state, CancellationToken cancellationToken)
    {
        bool stopping = cancellationToken.IsCancellationRequested;

        // A call that the request cut short ends as a timeout or half an answer as often as with the cancellation itself.
        if (stopping && exception is (OperationCanceledException or DeviceException { IsTransient: true }))
        {
            return new CampaignException(
                ErrorReason.Cancelled,
                $"stopped on request during {PhaseNames.Of(phase)}; finished steps are kept in {state.Request.OutputDirectory}, continue with: hil run --resume {state.Request.OutputDirectory}",
                exception);
        }

        CampaignException failure = Kind(exception, phase, state);
        return !stopping || failure.Reason == ErrorReason.Cancelled
            ? failure
            : new CampaignException(failure.Reason, failure.Message + " (while stopping)", exception) { Fields = failure.Fields, Metadata = failure.Metadata };
    }

    /// <summary>The record cannot be written.</summary>
    public static CampaignException Unwritable(string directory, Exception cause, CampaignException? before) => new(
        ErrorReason.OutputUnwritable,
        $"the record cannot be written to {directory}: {cause.Message.TrimEnd('.')}; free space or permit writing there, or choose another directory with --out"
            + (before is null ? "" : $" (before that: {before.Message})"),
        cause);

    private static CampaignException Kind(Exception exception, CampaignPhase phase, CampaignState state) => exception switch
    {
        CampaignException known => known,
        DeviceException device => OfDevice(device, phase),
        CalibrationException failed => new CampaignException(ErrorReason.CalibrationFailed, $"calibration: {failed.Message}", failed)
        {
            Metadata = ImmutableDictionary<string, string>.Empty.Add("calibration_fault", failed.Fault.ToString()),
        },
        PrecisionException failed => PrecisionFailures.Explain(failed),
        MappingException misfit => new CampaignException(ErrorReason.PlanDoesNotFit, misfit.Message, misfit),
        IOException or UnauthorizedAccessException => Unwritable(state.Request.OutputDirectory, exception, null),
        _ => new CampaignException(
            ErrorReason.Internal,
            $"{PhaseNames.Of(phase)} failed with {exception.GetType().Name}: {exception.Message}; this is a defect of the program, please report it with {state.Request.OutputDirectory}",
            exception),
    };

    private static CampaignException OfDevice(DeviceException device, CampaignPhase phase)
    {
        ErrorReason reason = device.Fault switch
        {
            DeviceFault.Timeout or DeviceFault.Disconnected or DeviceFault.Rebooted or DeviceFault.NotArmed or DeviceFault.Fenced
                => ErrorReason.DeviceUnavailable,

            // The network was laid out for this device: a call that does not fit it is ours.
            DeviceFault.InvalidRequest => ErrorReason.Internal,
            _ => ErrorReason.DeviceFault,
        };
        return new CampaignException(reason, $"{PhaseNames.Of(phase)}: {device.Message}", device)
        {
            Metadata = ImmutableDictionary<string, string>.Empty
                .Add("device_fault", device.Fault.ToString())
                .Add("phase", PhaseNames.Of(phase)),
        };
    }
}
