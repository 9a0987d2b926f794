namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>Shares, per frame, of what a line does wrong.</summary>
internal sealed record LineFaults(
    string Name, double Loss = 0, double Duplicate = 0, double Reorder = 0, double Corrupt = 0, double Truncate = 0, double Unplug = 0,
    double Stall = 0, double Insert = 0);

/// <summary>One direction of a serial line in virtual time, 10 bits a byte.</summary>
internal sealed class FaultyLine(LineFaults faults, double baud, Random random)
{
    private readonly PriorityQueue<byte[], (long At, long Number)> _flight = new();
    private long _number;
    private long _deadUntil;

    public long FreeAt { get; private set; }

    public bool Unplugged { get; set; }

    public long Next => _flight.TryPeek(out _, out (long At, long Number) first) ? first.At : long.MaxValue;

    public void Send(ReadOnlySpan<byte> bytes, long now)
    {
        // A stalled line is silent for up to 50 ms and goes on.
        FreeAt = now + (long)(bytes.Length * 1e7 / baud) + (Happens(faults.Stall) ? random.Next(50_000) : 0);
        if (Happens(faults.Unplug))
        {
            _flight.Clear();
            _deadUntil = now + random.Next(random.Next(8) == 0 ? 6_000_000 : 300_000);
            Unplugged = true;
        }

        if (now < _deadUntil)
        {
            return;
        }

        Put(bytes, FreeAt + 100);
        if (Happens(faults.Duplicate))
        {
            Put(bytes, FreeAt + 100 + random.Next(20_000));
        }
    }

    public bool TryTake(long now, out byte[] bytes)
    {
        bytes = [];
        return Next <= now && _flight.TryDequeue(out bytes!, out _);
    }

    private void Put(ReadOnlySpan<byte> bytes, long at)
    {
        if (Happens(faults.Loss))
        {
            return;
        }

        byte[] frame = bytes.ToArray();
        if (Happens(faults.Corrupt))
        {
            for (int flips = random.Next(1, 13); flips > 0; flips--)
            {
                frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        if (Happens(faults.Truncate))
        {
            int gone = random.Next(1, frame.Length);
            frame = random.Next(2) == 0 ? frame[gone..] : frame[..^gone];
        }

        if (Happens(faults.Insert))
        {
            byte[] more = new byte[random.Next(1, 33)];
            random.NextBytes(more);
            int before = random.Next(frame.Length + 1);
            frame = [.. frame[..before], .. more, .. frame[before..]];
        }

        _flight.Enqueue(frame, (at + (Happens(faults.Reorder) ? random.Next(30_000) : 0), _number++));
    }

    private bool Happens(double share) => share > 0 && random.NextDouble() < share;
}
