namespace AnalogHil.Ledger.Tests.Fakes;

/// <summary>
/// A device that every command tells its epoch, as on the wire. It fences as the firmware does, or takes everything. What is stale it counts by the order
/// in which holders armed it, not by their epochs: the epochs are what is tested.
/// </summary>
internal sealed class EpochedDevice(bool fences)
{
    private long _highest;
    private int _armings;

    /// <summary>Writes that were done by a holder after another one had armed the device.</summary>
    public int StaleWrites { get; private set; }

    /// <summary>Arms it; gives the number of the arming, 0: refused, since a higher epoch was seen.</summary>
    public int Arm(long epoch) => Takes(epoch) ? ++_armings : 0;

    /// <summary>Writes under an arming; false: refused, since a higher epoch was seen.</summary>
    public bool Write(long epoch, int arming)
    {
        if (!Takes(epoch))
        {
            return false;
        }

        StaleWrites += arming < _armings ? 1 : 0;
        return true;
    }

    private bool Takes(long epoch)
    {
        if (fences && epoch < _highest)
        {
            return false;
        }

        _highest = Math.Max(_highest, epoch);
        return true;
    }
}
