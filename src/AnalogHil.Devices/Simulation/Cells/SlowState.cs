using System.Runtime.CompilerServices;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Noise with memory: every entry keeps a value until it is refreshed, which happens at random with the rate 1 / tau, and is then drawn
/// anew. Its autocovariance is variance x exp(-t / tau) exactly, at any spacing of the reads. With two values it is a telegraph signal
/// (a two-state Markov chain); with normal values and many tau in geometric progression it is 1/f noise (McWhorter's traps).
/// </summary>
/// <remarks>Only the refreshed entries cost anything: the gaps between them are drawn, not every entry.</remarks>
internal sealed class SlowState
{
    private readonly float[] _amplitudes;
    private readonly int[]? _units;
    private readonly double _occupancy;
    private double _read = double.NaN;
    private long _position;

    /// <param name="nanoseconds">tau.</param>
    /// <param name="amplitudes">Normal: standard deviation of each entry. Two-state: difference of the two values, with its sign.</param>
    /// <param name="units">What each entry belongs to; null when entry i belongs to unit i.</param>
    /// <param name="occupancy">Probability of the upper value, whose mean is taken off; NaN for normal values.</param>
    public SlowState(double nanoseconds, float[] amplitudes, int[]? units = null, double occupancy = double.NaN)
    {
        Nanoseconds = nanoseconds;
        _amplitudes = amplitudes;
        _units = units;
        _occupancy = occupancy;
        Values = new float[amplitudes.Length];
    }

    /// <summary>Whether entries have two values, not normal ones.</summary>
    public bool TwoValued => !double.IsNaN(_occupancy);

    /// <summary>tau, nanoseconds.</summary>
    public double Nanoseconds { get; }

    /// <summary>Present value of every entry.</summary>
    public float[] Values { get; }

    /// <summary>What entry <paramref name="entry"/> belongs to.</summary>
    public int UnitOf(int entry) => _units is null ? entry : _units[entry];

    /// <summary>Variance of one entry.</summary>
    public double VarianceOf(int entry)
    {
        double amplitude = _amplitudes[entry];
        return amplitude * amplitude * (double.IsNaN(_occupancy) ? 1 : _occupancy * (1 - _occupancy));
    }

    /// <summary>Draws every entry from its stationary distribution.</summary>
    public void Redraw(CellRandom random, NormalStream normals)
    {
        for (int i = 0; i < Values.Length; i++)
        {
            Values[i] = Draw(i, random, normals);
        }
    }

    /// <summary>Lets an odd length of time pass, then prepares for equal steps of <paramref name="read"/> nanoseconds.</summary>
    public void Skip(double nanoseconds, double read, CellTile tile, CellRandom random, NormalStream normals)
    {
        if (nanoseconds > 0)
        {
            double mean = Nanoseconds / nanoseconds;
            for (long i = random.Gap(mean); i < Values.Length; i += 1 + random.Gap(mean))
            {
                Refresh((int)i, tile, random, normals);
            }
        }

        _read = Nanoseconds / read;
        _position = random.Gap(_read);
    }

    /// <summary>One read time passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(CellTile tile, CellRandom random, NormalStream normals)
    {
        // The gap that reaches past the last entry goes on at the first entry of the next read: trials are independent, so one run of gaps serves all reads.
        long i = _position;
        for (; i < Values.Length; i += 1 + random.Gap(_read))
        {
            Refresh((int)i, tile, random, normals);
        }

        _position = i - Values.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Refresh(int entry, CellTile tile, CellRandom random, NormalStream normals)
    {
        if (_amplitudes[entry] == 0)
        {
            return;
        }

        float value = Draw(entry, random, normals);
        float change = value - Values[entry];
        Values[entry] = value;
        if (change != 0)
        {
            tile.Move(UnitOf(entry), change);
        }
    }

    private float Draw(int entry, CellRandom random, NormalStream normals)
    {
        float amplitude = _amplitudes[entry];
        if (amplitude == 0)
        {
            return 0;
        }

        return double.IsNaN(_occupancy)
            ? amplitude * normals.Next()
            : amplitude * (float)((random.Uniform() <= _occupancy ? 1 : 0) - _occupancy);
    }
}
