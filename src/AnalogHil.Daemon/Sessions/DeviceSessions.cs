using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Benches;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Sessions;

/// <summary>The devices that calls of clients drive, one session a bench. All are made safe and closed when the daemon stops.</summary>
internal sealed class DeviceSessions(DeviceRoll roll, BenchLedger benches, DaemonOptions options, TimeProvider time) : IHostedService
{
    private readonly ConcurrentDictionary<string, DeviceSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _opening = new(StringComparer.Ordinal);

    /// <summary>The session of a bench, opened where there is none.</summary>
    /// <param name="path">Bench file.</param>
    /// <param name="noiseSeed">Seed of the noise of a simulated device that is opened here.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="CampaignException">BenchInvalid, or BenchBusy while an operation holds the bench.</exception>
    /// <exception cref="Devices.Contract.DeviceException">It cannot be opened.</exception>
    public async Task<DeviceSession> OpenAsync(string path, ulong noiseSeed, CancellationToken cancellationToken)
    {
        SemaphoreSlim opening = _opening.GetOrAdd(path, _ => new SemaphoreSlim(1, 1));
        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_sessions.TryGetValue(path, out DeviceSession? there))
            {
                return there;
            }

            IBench bench = Read(path);
            if (!benches.TryAcquire(path, DeviceSession.HolderName, out IDisposable? hold, out string? holder))
            {
                throw Busy(path, holder);
            }

            try
            {
                var session = new DeviceSession(path, await roll.OpenAsync(path, bench, noiseSeed, cancellationToken).ConfigureAwait(false), hold);
                _sessions[path] = session;
                roll.Touch(path);
                return session;
            }
            catch
            {
                hold.Dispose();
                throw;
            }
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>The session of a bench, if there is one.</summary>
    public bool TryGet(string path, [NotNullWhen(true)] out DeviceSession? session) => _sessions.TryGetValue(path, out session);

    /// <summary>The session of a bench whose device is to be used.</summary>
    /// <exception cref="CampaignException">NotArmed when it is closed, BenchBusy while an operation holds the bench.</exception>
    public DeviceSession Require(string path)
    {
        if (_sessions.TryGetValue(path, out DeviceSession? session))
        {
            return session;
        }

        throw benches.HolderOf(path) is { } holder and not DeviceSession.HolderName
            ? Busy(path, holder)
            : new CampaignException(
                ErrorReason.NotArmed, $"the device of bench {Path.GetFileNameWithoutExtension(path)} is closed; arm it first (hil device arm)")
            {
                Metadata = ImmutableDictionary<string, string>.Empty.Add("bench", path),
            };
    }

    /// <summary>Makes the device of a bench safe, closes it and gives the bench back; does nothing where there is no session.</summary>
    public async Task CloseAsync(string path)
    {
        SemaphoreSlim opening = _opening.GetOrAdd(path, _ => new SemaphoreSlim(1, 1));
        await opening.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_sessions.TryRemove(path, out DeviceSession? session))
            {
                // Past every call that runs: closing must not wait for one.
                try
                {
                    await session.Device.StopAsync("it is being disarmed").ConfigureAwait(false);
                }
                finally
                {
                    await session.DisposeAsync().ConfigureAwait(false);
                    roll.Touch(path);
                }
            }
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_sessions.Keys.Select(CloseAsync));

    /// <summary>A bench as its file describes it.</summary>
    /// <exception cref="CampaignException">BenchInvalid with every error of the file.</exception>
    public IBench Read(string path)
    {
        try
        {
            return OpenableBench.Of(LaunchPolicy.Load(path, options), time);
        }
        catch (BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, wrong.Message, wrong)
            {
                Fields = [.. wrong.Errors.Select(error => new FieldError("bench" + error.Location, $"{error.Problem}; {error.Remedy}"))],
            };
        }
    }

    private static CampaignException Busy(string path, string holder) => new(
        ErrorReason.BenchBusy,
        $"bench {Path.GetFileNameWithoutExtension(path)} is held by {holder}; wait for its end or cancel it")
    {
        Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", path),
    };
}
