using System.Globalization;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Commands under an epoch, with refusals as errors of the contract.</summary>
internal sealed class DeviceSession(LinkPump pump, string name)
{
    /// <summary>Fencing epoch of the last arming; 0 before.</summary>
    public long Epoch { get; set; }

    /// <summary>Most bytes of a command's body.</summary>
    public int MaxBody => Math.Max(LinkSchema.MinPayload, pump.Ask(link => link.MaxPayload)) - WireCommandHeader.Size;

    /// <summary>Most bytes of a reply's body.</summary>
    public int MaxReply => Math.Max(LinkSchema.MinPayload, pump.Ask(link => link.MaxPayload)) - WireReplyHeader.Size;

    /// <summary>Establishes an epoch and acts under it; a device that has seen a newer one leaves the session with the epoch it had.</summary>
    /// <exception cref="DeviceException">Refused, or the link is gone.</exception>
    public async Task UnderAsync(long epoch, Func<Task> action, CancellationToken cancellationToken)
    {
        long before = Epoch;
        Epoch = epoch;
        try
        {
            await SendAsync(WireOpcode.EstablishEpoch, default, cancellationToken).ConfigureAwait(false);
            await action().ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.Fault == DeviceFault.Fenced)
        {
            Epoch = before;
            throw;
        }
    }

    /// <summary>Sends a command; the body of its reply.</summary>
    /// <exception cref="DeviceException">Refused, or the link is gone.</exception>
    public async Task<ReadOnlyMemory<byte>> SendAsync(
        WireOpcode opcode, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, WireChannel channel = WireChannel.Control)
    {
        CommandReply reply = await pump.SendAsync(opcode, Epoch, body.Span, channel, cancellationToken).ConfigureAwait(false);
        return reply.Status == WireStatus.Ok ? reply.Body : throw Refused(opcode, reply);
    }

    /// <summary>A refusal as an error of the contract.</summary>
    public DeviceException Refused(WireOpcode opcode, in CommandReply reply)
    {
        WireRefusal why = reply.Refusal;
        (DeviceFault fault, string remedy) = reply.Status switch
        {
            WireStatus.NotArmed or WireStatus.EpochUnknown or WireStatus.MadeSafe => (DeviceFault.NotArmed, "arm the device first"),
            WireStatus.Faulted => (
                DeviceFault.NotArmed,
                $"fault {(WireFault)(byte)why.Value} is latched; find its cause, clear it (hil device clear-fault), then arm the device"),
            WireStatus.Fenced => (DeviceFault.Fenced, "the device has seen a newer epoch; take a new lease"),
            WireStatus.HashMismatch => (DeviceFault.Contradiction, "what arrived is not what was meant; read back, send again"),
            WireStatus.Expired => (DeviceFault.Contradiction, "the result is forgotten; identify the device and check its settings"),
            _ => (DeviceFault.InvalidRequest, "change the request"),
        };
        return new DeviceException(
            fault,
            string.Create(CultureInfo.InvariantCulture, $"{name} refuses {opcode}: {reply.Status}, value {why.Value}, limit {why.Limit}, at "
                + $"position {why.Place}; {remedy}"));
    }
}
