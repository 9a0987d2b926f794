using System.Collections.Immutable;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Checkpoints;

/// <summary>A calibration kept for resumption, and which device it is of.</summary>
/// <param name="DeviceUid">Serial number of the device.</param>
/// <param name="BootId">Its power-up.</param>
/// <param name="Result">What was measured.</param>
/// <param name="Certificate">Up to which K repeats were seen to pay; null for a device without noise.</param>
/// <param name="Capabilities">What the device declares of itself, for planning without it; null where an earlier version calibrated.</param>
/// <param name="Tiles">Tiles whose columns were calibrated; null where an earlier version calibrated: those of its network, one copy of each layer.</param>
internal sealed record KeptCalibration(
    string DeviceUid,
    string BootId,
    CalibrationResult Result,
    CertifiedLaw? Certificate = null,
    DeviceCapabilities? Capabilities = null,
    ImmutableArray<int>? Tiles = null)
{
    /// <summary>Refuses to go on with the calibration of one device on another.</summary>
    /// <exception cref="CampaignException">NotResumable: another device answers.</exception>
    public void RequireSameDevice(DeviceIdentity now)
    {
        if (DeviceUid != now.Uid)
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                $"the calibration was made on device {DeviceUid}, now {now.Uid} answers; put {DeviceUid} back, or start a new campaign without --resume");
        }
    }
}
