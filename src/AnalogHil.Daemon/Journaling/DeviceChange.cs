using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Requests;
using Google.Protobuf;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Who changes which device, in which of its lives.</summary>
/// <param name="Bench">Bench file.</param>
/// <param name="Device">The device.</param>
/// <param name="Epoch">Fencing epoch under which it is armed.</param>
/// <param name="BootId">Its power-up: what it holds ends with it.</param>
/// <param name="Actor">Who makes the change.</param>
/// <param name="Request">The request that it serves; null: none.</param>
internal sealed record DeviceChange(string Bench, IAnalogDevice Device, long Epoch, string BootId, string Actor, RequestKey? Request = null)
{
    /// <summary>
    /// The reply of the request, from the hash of the settings in force after the change. It is written down with the change: the same request gets it after
    /// a crash, if the change has happened. Null: it serves no request.
    /// </summary>
    public Func<string, IMessage>? Reply { get; init; }

    /// <summary>A change through a session.</summary>
    /// <param name="session">The device.</param>
    /// <param name="origin">Who makes the change, for which request.</param>
    /// <param name="reply">See <see cref="Reply"/>.</param>
    public static DeviceChange Of(DeviceSession session, (string Actor, RequestKey? Request) origin, Func<string, IMessage>? reply = null)
    {
        DeviceFigures figures = session.Device.Figures;
        return new DeviceChange(session.Path, session.Device, figures.Epoch, figures.Identity?.BootId ?? "", origin.Actor, origin.Request)
        {
            Reply = reply,
        };
    }
}
