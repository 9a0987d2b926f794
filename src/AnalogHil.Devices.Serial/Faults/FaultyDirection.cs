namespace AnalogHil.Devices.Serial.Faults;

/// <summary>
/// One direction of a faulty line: frames in, frames with their time of arrival out. Frame number n of a seed always meets the same fault, whatever it
/// holds and whenever it comes. Times are microseconds of whoever calls.
/// </summary>
internal sealed class FaultyDirection(LineFaults faults, ulong seed, int direction)
{
    private readonly PriorityQueue<byte[], (long At, long Number)> _flight = new();
    private long _frames;
    private long _queued;
    private long _stalledUntil;
    private long _deafUntil;

    /// <summary>Frames seen.</summary>
    public long Frames => _frames;

    /// <summary>Faults that were put in.</summary>
    public long Faults { get; private set; }

    /// <summary>Whether the device is to reboot now; reset by <see cref="Clear"/>.</summary>
    public bool RebootDue { get; private set; }

    /// <summary>Frames that wait for their time.</summary>
    public int Waiting => _flight.Count;

    /// <summary>When the next one arrives; <see cref="long.MaxValue"/> for none.</summary>
    public long Next => _flight.TryPeek(out _, out (long At, long Number) first) ? Math.Max(first.At, _stalledUntil) : long.MaxValue;

    /// <summary>Sends a frame.</summary>
    public void Send(ReadOnlySpan<byte> frame, long now)
    {
        // A generator of its own for each frame: what one fault draws changes no other.
        var random = new Random(HashCode(_frames++));
        bool lost = Happens(random, faults.Loss);
        bool twice = Happens(random, faults.Duplicate);
        bool late = Happens(random, faults.Reorder);
        bool corrupt = Happens(random, faults.Corrupt);
        bool cut = Happens(random, faults.Truncate);
        bool noise = Happens(random, faults.Insert);
        if (Happens(random, faults.Stall))
        {
            _stalledUntil = now + Part(random, faults.LongestPause);
        }

        if (Happens(random, faults.HalfOpen))
        {
            _deafUntil = now + Part(random, faults.LongestPause);
        }

        // Drawn after everything else, so that a mix without reboots meets the same other faults.
        RebootDue |= direction == 0 && (Happens(random, faults.Reboot) || Happens(_frames - 1 == faults.RebootAt));
        if (lost || now < _deafUntil)
        {
            return;
        }

        byte[] bytes = frame.ToArray();
        if (corrupt)
        {
            for (int flips = random.Next(1, 13); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        if (cut && bytes.Length > 1)
        {
            int gone = random.Next(1, bytes.Length);
            bytes = random.Next(2) == 0 ? bytes[gone..] : bytes[..^gone];
        }

        if (noise)
        {
            byte[] stray = new byte[random.Next(1, 33)];
            random.NextBytes(stray);
            bytes = [.. stray, .. bytes];
        }

        Put(bytes, now + (late ? Part(random, faults.LongestDelay) : 0));
        if (twice)
        {
            Put(bytes, now + Part(random, faults.LongestDelay));
        }
    }

    /// <summary>Drops all that is under way.</summary>
    public void Clear()
    {
        _flight.Clear();
        RebootDue = false;
    }

    /// <summary>Takes what has arrived.</summary>
    public bool TryTake(long now, out byte[] bytes)
    {
        bytes = [];
        return Next <= now && _flight.TryDequeue(out bytes!, out _);
    }

    private void Put(byte[] bytes, long at) => _flight.Enqueue(bytes, (at, _queued++));

    // Drawn whether it can happen or not, so that a fault's share moves no other fault.
    private bool Happens(Random random, double share) => Happens(random.NextDouble() < share);

    private bool Happens(bool happens)
    {
        Faults += happens ? 1 : 0;
        return happens;
    }

    private static long Part(Random random, TimeSpan longest) => 1 + (long)(random.NextDouble() * longest.TotalMicroseconds);

    private int HashCode(long frame)
    {
        ulong state = seed * 0x9E3779B97F4A7C15 + (ulong)frame * 2 + (ulong)direction;
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9;
        state = (state ^ state >> 27) * 0x94D049BB133111EB;
        return (int)(state ^ state >> 31);
    }
}
