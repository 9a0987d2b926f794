namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Rows are wavelengths, columns are buses of rings in series.</summary>
/// <remarks>
/// A ring that moves changes the weight of its own wavelength along its line; what that does to its neighbours' wavelengths, smaller by the
/// ratio of the slopes (below 1 % at a spacing of 7 half linewidths), is left out.
/// </remarks>
internal sealed class RingTile : CellTile
{
    private const double ElementaryChargeCoulombs = 1.602176634e-19;

    private readonly RingCells _physics;
    private readonly double[] _detunings;
    private readonly float[] _tuned;
    private readonly float[] _moved;
    private readonly double _electrons;
    private readonly double _dark;
    private readonly double _amplifier;
    private double _common;
    private double _light;

    public RingTile(RingCells physics, in CellSite site)
        : base(site, FreshOf(physics, site), SlowOf(physics, site))
    {
        _physics = physics;
        _detunings = new double[site.Cells];
        _tuned = new float[site.Cells];
        _moved = new float[site.Cells];
        BroadcastAndWeightPhysics lumped = physics.Lumped;
        double unit = lumped.ResponsivityAmperesPerWatt * lumped.ChannelNanowatts * 1e-9;

        // A read integrates for 1 / (2 B): that many electrons from a current.
        double perAmpere = 1 / (2 * ElementaryChargeCoulombs * lumped.BandwidthMegahertz * 1e6);
        _electrons = unit * perAmpere;
        _dark = lumped.DarkNanoamperes * 1e-9 * perAmpere;
        _amplifier = lumped.AmplifierNoiseNanoamperes * 1e-9 / unit;
        float[] targets = site.Targets();
        float[] errors = site.Normals(0);
        double[] column = new double[Rows];
        for (int j = 0; j < Columns; j++)
        {
            for (int row = 0; row < Rows; row++)
            {
                double weight = Math.Min(1, targets[row * Stride + j] + lumped.TuningError * errors[row * Stride + j]);
                column[row] = _detunings[row * Stride + j] = RingLine.DetuningFor(weight, physics.Spacing / 2);
                _tuned[row * Stride + j] = (float)weight;
            }

            double[] shared = physics.CrosstalkCorrection < 1 ? RingLine.Series(column, physics.Spacing) : [];
            for (int row = 0; row < shared.Length; row++)
            {
                int cell = row * Stride + j;
                _tuned[cell] += (float)((1 - physics.CrosstalkCorrection) * (shared[row] - _tuned[cell]));
            }
        }

        Restore();
    }

    public override void Drive(ReadOnlySpan<float> inputs)
    {
        base.Drive(inputs);
        _light = 0;
        foreach (float input in inputs)
        {
            _light += input;
        }
    }

    public override void Move(int unit, float change)
    {
        _moved[unit] += change;
        float weight = Present(unit);
        Add(unit, weight - Weights[unit]);
    }

    public override ColumnTruth TruthOf(int column, ReadOnlySpan<float> inputs, double readNanoseconds)
    {
        double mean = 0;
        double light = 0;
        double jitter = 0;
        double slow = 0;
        double gain = 0;
        for (int row = 0; row < Rows; row++)
        {
            int cell = row * Stride + column;
            double input = inputs[row];
            double weight = StaticWeight(cell) - RingLine.Weight(_detunings[cell] + _common) + RingLine.WeightMean(_detunings[cell] + _common, _physics.Detuning);
            mean += input * weight;
            light += input;
            gain += weight * weight;
            jitter += input * input * Fresh[cell];
            slow += input * input * RingLine.WeightVariance(_detunings[cell] + _common, _physics.Detuning);
        }

        return new ColumnTruth(mean, false,
        [
            new("receiver", _amplifier * _amplifier, AveragingLaw.White, false),
            new("dark", 2 * _dark / (_electrons * _electrons), AveragingLaw.White, false),
            new("shot", light / _electrons, AveragingLaw.White, false),
            new("white", jitter, AveragingLaw.White, false),
            new("detuning", slow, StageTimes.Law(_physics.DetuningNanoseconds(), readNanoseconds), false),
            new("intensity", mean * mean * _physics.RelativeIntensityNoise * _physics.RelativeIntensityNoise, AveragingLaw.White, true),
            new("input", _physics.InputNoise * _physics.InputNoise * gain, AveragingLaw.White, true),
            new("readout", _physics.ReadoutNoise * _physics.ReadoutNoise, AveragingLaw.White, false),
        ]);
    }

    protected override float StaticWeight(int cell) =>
        (float)(_tuned[cell] + RingLine.Weight(_detunings[cell] + _common) - RingLine.Weight(_detunings[cell]));

    protected override void Age(double nanoseconds)
    {
        double seconds = 1e-9 * nanoseconds;
        double common = _physics.DetuningPerSecond * seconds + _physics.WarmUpDetuning * Math.Exp(-seconds / _physics.WarmUpSeconds);
        if (Math.Abs(common - _common) > 1e-7)
        {
            _common = common;
            Restore();
        }
    }

    protected override void Restore()
    {
        Array.Clear(_moved);
        foreach (SlowState state in Slow)
        {
            for (int cell = 0; cell < _moved.Length; cell++)
            {
                _moved[cell] += state.Values[cell];
            }
        }

        for (int cell = 0; cell < Weights.Length; cell++)
        {
            Weights[cell] = Present(cell);
        }
    }

    protected override void Detect(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog)
    {
        Product.CopyTo(analog);
        AddReadNoise(inputNoise, analog);
        double light = _light;
        foreach (float noise in inputNoise)
        {
            light += noise;
        }

        for (int column = 0; column < Columns; column++)
        {
            double difference = analog[column] + Math.Sqrt(SpreadOf(column)) * Normals.Next();

            // The diodes share the light u_k P0 as (1 + g_k) / 2 and (1 - g_k) / 2.
            double dropped = PoissonSampler.Draw(0.5 * intensity * _electrons * (light + difference) + _dark, Random, Normals);
            double passed = PoissonSampler.Draw(0.5 * intensity * _electrons * (light - difference) + _dark, Random, Normals);
            analog[column] = (float)((dropped - passed) / _electrons + _amplifier * Normals.Next());
        }
    }

    private float Present(int cell) =>
        (float)(_tuned[cell] + RingLine.Weight(_detunings[cell] + _common + _moved[cell]) - RingLine.Weight(_detunings[cell]));

    private static float[] FreshOf(RingCells physics, in CellSite site)
    {
        float[] fresh = new float[site.Cells];
        Array.Fill(fresh, (float)(physics.Lumped.RingJitter * physics.Lumped.RingJitter));
        return fresh;
    }

    private static SlowState[] SlowOf(RingCells physics, CellSite site)
    {
        if (physics.Detuning == 0)
        {
            return [];
        }

        double[] times = physics.DetuningNanoseconds();
        float[] amplitudes = new float[site.Cells];
        for (int cell = 0; cell < amplitudes.Length; cell++)
        {
            amplitudes[cell] = cell % site.Stride < site.Program.Columns ? (float)(physics.Detuning / Math.Sqrt(times.Length)) : 0;
        }

        return [.. times.Select(time => new SlowState(time, amplitudes))];
    }
}
