using AnalogHil.Devices.Serial.Faults;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>How a line is tested.</summary>
public sealed record LinkTestOptions
{
    /// <summary>Rate of the line, 8N1: what throughput and round trips are held against.</summary>
    public required int Baud { get; init; }

    /// <summary>Echoes of full frames, for throughput and bit errors.</summary>
    /// <value>2000</value>
    public int Bulk { get; init; } = 2000;

    /// <summary>Full frames to the device alone, as tiles are uploaded, and as many from it alone, as outputs are read.</summary>
    /// <value>1000</value>
    public int OneWay { get; init; } = 1000;

    /// <summary>Commands of 16 bytes, one at a time, for the round trip.</summary>
    /// <value>500</value>
    public int Singles { get; init; } = 500;

    /// <summary>Faults put into the line; null for the line as it is.</summary>
    public LineFaults? Faults { get; init; }

    /// <summary>Seed of the faults and of what is echoed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest time of all together.</summary>
    /// <value>2 minutes</value>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);
}
