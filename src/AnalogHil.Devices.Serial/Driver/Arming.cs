using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Arms under the epoch of the session. A watchdog that tripped says that its host was away; who arms is the host, back. Every other fault stays.</summary>
internal static class Arming
{
    /// <exception cref="Devices.Contract.DeviceException">Refused: an older epoch, or a fault that a person must clear.</exception>
    public static async Task RunAsync(LinkPump pump, DeviceSession session, CancellationToken cancellationToken)
    {
        CommandReply reply = await pump.SendAsync(WireOpcode.Arm, session.Epoch, [], WireChannel.Control, cancellationToken).ConfigureAwait(false);
        if (reply.Status == WireStatus.Faulted && (WireFault)(byte)reply.Refusal.Value == WireFault.Watchdog)
        {
            await session.SendAsync(WireOpcode.ClearFault, default, cancellationToken).ConfigureAwait(false);
            await session.SendAsync(WireOpcode.Arm, default, cancellationToken).ConfigureAwait(false);
        }
        else if (reply.Status != WireStatus.Ok)
        {
            throw session.Refused(WireOpcode.Arm, reply);
        }
    }
}
