using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Leases;

/// <summary>
/// Epochs that need no common store: a thousand for each millisecond since 1970, of which each ledger has one. So a device that was driven under
/// an earlier epoch of another ledger, or of one that was lost, accepts the next one and refuses those before; and two ledgers that grant at the same
/// millisecond give different epochs but for one pair of ledgers in a thousand. Below 2^53 until the year 2255: exact where numbers are doubles.
/// </summary>
public static class EpochClock
{
    /// <summary>Epochs in a millisecond.</summary>
    public const long PerMillisecond = 1000;

    /// <summary>The epoch of a time.</summary>
    /// <param name="time">When.</param>
    /// <param name="ledger">Directory of the ledger.</param>
    public static long At(DateTimeOffset time, string ledger)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\0{ledger}"));
        return Columns.Of(time) * PerMillisecond + BinaryPrimitives.ReadUInt32LittleEndian(hash) % PerMillisecond;
    }
}
