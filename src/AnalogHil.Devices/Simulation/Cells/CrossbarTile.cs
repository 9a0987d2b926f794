using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Two conductances a weight; devices are numbered positive ones first, then negative ones. Conductances in units of Gmax.</summary>
internal sealed class CrossbarTile : CellTile
{
    private readonly CrossbarCells _physics;
    private readonly float[] _conductances;
    private readonly float[] _exponents;
    private readonly float[] _attenuations;
    private readonly float[] _static;
    private readonly float _receiverVariance;
    private readonly double _programmedAt;
    private double _aged;

    public CrossbarTile(CrossbarCells physics, in CellSite site)
        : this(physics, site, Program(physics, site))
    {
    }

    private CrossbarTile(CrossbarCells physics, in CellSite site, (float[] Conductances, bool[] Stuck, float[] Attenuations) devices)
        : base(site, FreshOf(physics, devices.Conductances, devices.Stuck, devices.Attenuations), SlowOf(physics, site, devices.Conductances, devices.Stuck, devices.Attenuations))
    {
        _physics = physics;
        _conductances = devices.Conductances;
        _attenuations = devices.Attenuations;
        _exponents = ExponentsOf(physics, site, devices.Stuck);
        _static = new float[site.Cells];
        _programmedAt = site.ProgrammedAt;
        double receiver = physics.Lumped.ReceiverNoiseNanoamperes / (1000 * physics.Lumped.MaxConductanceMicrosiemens * physics.Lumped.ReadVolts);
        _receiverVariance = (float)(receiver * receiver);
        SetStatic(0);
        Restore();
    }

    public override void Move(int unit, float change)
    {
        int cells = Weights.Length;
        Add(unit < cells ? unit : unit - cells, change);
    }

    public override ColumnTruth TruthOf(int column, ReadOnlySpan<float> inputs, double readNanoseconds)
    {
        double mean = 0;
        double white = 0;
        double gain = 0;
        for (int row = 0; row < Rows; row++)
        {
            int cell = row * Stride + column;
            double square = (double)inputs[row] * inputs[row];
            mean += inputs[row] * (double)_static[cell];
            white += square * Fresh[cell];
            gain += (double)_static[cell] * _static[cell];
        }

        var parts = ImmutableArray.CreateBuilder<NoisePart>();
        parts.Add(new("receiver", _receiverVariance, AveragingLaw.White, false));
        parts.Add(new("white", white, AveragingLaw.White, false));
        parts.Add(new("input", _physics.InputNoise * _physics.InputNoise * gain, AveragingLaw.White, true));
        parts.Add(new("readout", _physics.ReadoutNoise * _physics.ReadoutNoise, AveragingLaw.White, false));
        foreach (IGrouping<bool, SlowState> kind in Slow.GroupBy(state => state.TwoValued))
        {
            var laws = new List<(double, AveragingLaw)>();
            foreach (SlowState state in kind)
            {
                double variance = 0;
                for (int entry = 0; entry < state.Values.Length; entry++)
                {
                    int cell = state.UnitOf(entry) % Weights.Length;
                    if (cell % Stride == column)
                    {
                        double input = inputs[cell / Stride];
                        variance += input * input * state.VarianceOf(entry);
                    }
                }

                laws.Add((variance, new AveragingLaw([(1, state.Nanoseconds / readNanoseconds)])));
            }

            parts.Add(new(kind.Key ? "telegraph" : "flicker", laws.Sum(law => law.Item1), AveragingLaw.Mix([.. laws]), false));
        }

        return new ColumnTruth(mean, false, parts.ToImmutable());
    }

    protected override float StaticWeight(int cell) => _static[cell];

    protected override void Age(double nanoseconds)
    {
        double seconds = 1e-9 * (nanoseconds - _programmedAt);

        // A step of ln t that moves no weight by more than single precision is left out: the next one takes it along.
        if (_physics.DriftExponent + _physics.DriftExponentSpread > 0
            && Math.Abs(Math.Log((seconds + _physics.DriftStartSeconds) / (_aged + _physics.DriftStartSeconds))) > 1e-7)
        {
            _aged = seconds;
            SetStatic(seconds);
            Restore();
        }
    }

    protected override void Restore()
    {
        _static.CopyTo(Weights.AsSpan());
        foreach (SlowState state in Slow)
        {
            for (int entry = 0; entry < state.Values.Length; entry++)
            {
                Weights[state.UnitOf(entry) % Weights.Length] += state.Values[entry];
            }
        }
    }

    protected override void Detect(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog)
    {
        Product.CopyTo(analog);
        AddReadNoise(inputNoise, analog);
        ReadOnlySpan<float> normals = Normals.Take(Columns);
        for (int column = 0; column < normals.Length; column++)
        {
            analog[column] += MathF.Sqrt(SpreadOf(column) + _receiverVariance) * normals[column];
        }
    }

    private void SetStatic(double seconds)
    {
        double log = Math.Log((seconds + _physics.DriftStartSeconds) / _physics.DriftStartSeconds);
        int cells = _static.Length;
        for (int cell = 0; cell < cells; cell++)
        {
            _static[cell] = (float)(Current(cell) - Current(cell + cells));
        }

        double Current(int device) => _conductances[device] * _attenuations[device] * (log == 0 ? 1 : Math.Exp(-_exponents[device] * log));
    }

    private static (float[] Conductances, bool[] Stuck, float[] Attenuations) Program(CrossbarCells physics, CellSite site)
    {
        int cells = site.Cells;
        float[] targets = site.Targets();
        float[] conductances = new float[2 * cells];
        bool[] stuck = new bool[2 * cells];
        double rest = physics.RestMicrosiemens / physics.Lumped.MaxConductanceMicrosiemens;
        for (int line = 0; line < 2; line++)
        {
            float[] normals = site.Normals((ulong)line);
            for (int row = 0; row < site.Program.Rows; row++)
            {
                for (int column = 0; column < site.Program.Columns; column++)
                {
                    int cell = row * site.Stride + column;
                    double target = Math.Max(0, line == 0 ? targets[cell] : -targets[cell]);
                    double lot = physics.StuckOnShare + physics.StuckOffShare > 0 ? site.Lot(NoisePurpose.StuckCell, row, 2 * column + line + site.At.Column) : 1;
                    int device = line * cells + cell;
                    stuck[device] = lot <= physics.StuckOnShare + physics.StuckOffShare;
                    conductances[device] = stuck[device]
                        ? (lot <= physics.StuckOnShare ? (float)(rest + 1) : 0)
                        : (float)Math.Max(0, rest + target + physics.ProgrammingNoise(target) * normals[cell]);
                }
            }
        }

        return (conductances, stuck, AttenuationsOf(physics, site, conductances));
    }

    private static float[] AttenuationsOf(CrossbarCells physics, in CellSite site, float[] conductances)
    {
        float[] attenuations = new float[conductances.Length];
        if (physics.WireOhms == 0)
        {
            Array.Fill(attenuations, 1);
            return attenuations;
        }

        int cells = site.Cells;
        double siemens = 1e-6 * physics.Lumped.MaxConductanceMicrosiemens;
        double[] both = new double[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            both[cell] = siemens * (conductances[cell] + conductances[cell + cells]);
        }

        for (int line = 0; line < 2; line++)
        {
            double[] own = [.. conductances.AsSpan(line * cells, cells).ToArray().Select(g => siemens * g)];
            WireDrop.Attenuations(
                own, both, site.Program.Rows, site.Program.Columns, site.Stride, physics.WireOhms, site.At.Column,
                site.Options.Rows - site.At.Row - site.Program.Rows, out double largest).CopyTo(attenuations, line * cells);
            if (largest > WireDrop.Limit)
            {
                throw new DeviceException(
                    DeviceFault.InvalidRequest,
                    $"block {site.Program.Block}: wires of {physics.WireOhms} ohm a cell lose {largest:P0} of the voltage, the simulation holds up to {WireDrop.Limit:P0}; use smaller tiles or weights, or a lower wireOhms");
            }
        }

        return attenuations;
    }

    private static float[] FreshOf(CrossbarCells physics, float[] conductances, bool[] stuck, float[] attenuations)
    {
        int cells = conductances.Length / 2;
        float[] fresh = new float[cells];
        for (int device = 0; device < conductances.Length; device++)
        {
            double noise = stuck[device] ? 0 : physics.ReadNoise(conductances[device]) * attenuations[device];
            fresh[device % cells] += (float)((1 - physics.FlickerShare) * noise * noise);
        }

        return fresh;
    }

    private static SlowState[] SlowOf(CrossbarCells physics, in CellSite site, float[] conductances, bool[] stuck, float[] attenuations)
    {
        int columns = site.Program.Columns;
        int stride = site.Stride;
        var states = new List<SlowState>();
        if (physics.FlickerShare > 0 && physics.Lumped.ReadNoiseMicrosiemens > 0)
        {
            double[] times = physics.FlickerNanoseconds();
            double part = Math.Sqrt(physics.FlickerShare / times.Length);
            float[] amplitudes = new float[conductances.Length];
            for (int device = 0; device < amplitudes.Length; device++)
            {
                bool real = device % stride < columns && !stuck[device];
                amplitudes[device] = real ? (float)(part * physics.ReadNoise(conductances[device]) * attenuations[device]) : 0;
            }

            states.AddRange(times.Select(time => new SlowState(time, amplitudes)));
        }

        if (physics.TrapShare > 0 && physics.TrapMicrosiemens > 0)
        {
            double[] times = physics.TrapNanoseconds();
            var traps = times.Select(_ => new List<int>()).ToArray();
            var random = new CellRandom(site.Programming.Value ^ (ulong)NoisePurpose.CellStates);
            for (int device = 0; device < conductances.Length; device++)
            {
                double lot = random.Uniform() / physics.TrapShare;
                if (lot < 1 && device % stride < columns && !stuck[device])
                {
                    traps[(int)(lot * times.Length)].Add(device);
                }
            }

            double step = physics.TrapMicrosiemens / physics.Lumped.MaxConductanceMicrosiemens;
            int cells = conductances.Length / 2;
            states.AddRange(times.Select((time, i) => new SlowState(
                time, [.. traps[i].Select(device => (float)((device < cells ? step : -step) * attenuations[device]))], [.. traps[i]], physics.TrapOccupancy)));
        }

        return [.. states];
    }

    private static float[] ExponentsOf(CrossbarCells physics, in CellSite site, bool[] stuck)
    {
        float[] exponents = new float[stuck.Length];
        for (int line = 0; line < 2; line++)
        {
            float[] normals = site.Normals(2 + (ulong)line);
            for (int cell = 0; cell < normals.Length; cell++)
            {
                int device = line * normals.Length + cell;
                exponents[device] = stuck[device] ? 0 : (float)(physics.DriftExponent + physics.DriftExponentSpread * normals[cell]);
            }
        }

        return exponents;
    }
}
