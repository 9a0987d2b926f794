using AnalogHil.Ledger.Leases;

namespace AnalogHil.Ledger.Tests.Fakes;

/// <summary>Somebody who writes to a device under a lease for as long as he believes to have it, and learns late that he has not.</summary>
internal sealed class LeasedClient(string name, string resource, ILeaseStore leases, EpochedDevice device)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);
    private Task<Lease>? _asked;
    private Lease? _believed;
    private LeaseUse? _writing;
    private int _arming;

    /// <summary>One step of his work. True: a write reached the device; false: one was refused; null: neither.</summary>
    public async Task<bool?> StepAsync(Random random)
    {
        if (_believed is null)
        {
            _asked ??= leases.AcquireAsync(new LeaseRequest(resource, name, Ttl), default);

            // The one before may be ended by another thread at this moment; he who waits may then have it at his next step.
            await Task.Yield();
            if (_asked.IsCompletedSuccessfully)
            {
                (_believed, _asked, _arming) = (await _asked, null, 0);
            }

            return null;
        }

        try
        {
            // Arming is a change like any other: he may have been paused since the grant.
            if (_arming == 0)
            {
                using LeaseUse arming = leases.Use(resource, name, _believed.Epoch);
                _arming = device.Arm(_believed.Epoch);
                if (_arming == 0)
                {
                    _believed = null;
                    return false;
                }

                return null;
            }

            switch (random.Next(6))
            {
                case 0:
                    leases.Renew(resource, name, _believed.Epoch);
                    return null;
                case 1 when _writing is null:
                    await leases.ReleaseAsync(resource, name, _believed.Epoch, default);
                    _believed = null;
                    return null;
                default:
                    return Write();
            }
        }
        catch (LedgerException lost) when (lost.Fault == LedgerFault.LeaseLost)
        {
            _believed = null;
            _writing?.Dispose();
            _writing = null;
            return false;
        }
    }

    /// <summary>Ends what is under way, so that the next schedule begins with nobody waiting.</summary>
    public async Task EndAsync(ManualTime time)
    {
        _writing?.Dispose();
        time.Advance(TimeSpan.FromSeconds(4));
        Lease? last = _asked is null ? _believed : await _asked;
        try
        {
            await leases.ReleaseAsync(resource, name, last?.Epoch ?? 0, default);
        }
        catch (LedgerException lost) when (lost.Fault == LedgerFault.LeaseLost)
        {
            // It ran out while the clock moved, or he had none: nobody waits for him.
        }
    }

    // In two steps, with the pauses of others between them: the right is looked at in the first, the write is made in the second.
    private bool? Write()
    {
        if (_writing is null)
        {
            _writing = leases.Use(resource, name, _believed!.Epoch);
            return null;
        }

        using LeaseUse use = _writing;
        _writing = null;
        return device.Write(use.Lease.Epoch, _arming);
    }
}
