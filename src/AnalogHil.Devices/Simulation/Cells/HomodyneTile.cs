using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Weights are the in-phase parts g cos(phi) of every step; the quadrature parts g sin(phi) matter where a phase moves.</summary>
internal sealed class HomodyneTile : CellTile
{
    private readonly HomodyneCells _physics;
    private readonly float[] _quadratures;
    private readonly double[] _powers;
    private readonly float[] _phases;
    private readonly float[] _crossed;
    private readonly bool _turns;
    private readonly double _receiver;
    private readonly CellSite _site;
    private (float[] Weights, float[] Quadratures, double[] Powers)? _weights;
    private double _drive;

    public HomodyneTile(HomodyneCells physics, in CellSite site)
        : base(site, new float[site.Cells], SlowOf(physics, site))
    {
        _physics = physics;
        _quadratures = new float[site.Cells];
        _powers = new double[Columns];
        _phases = new float[Stride];
        _crossed = new float[Stride];
        _turns = physics.PhaseWander > 0 || physics.PhaseJitter > 0;
        _receiver = physics.Lumped.ReceiverNoiseMillivolts / physics.Lumped.MillivoltsPerUnit;
        _site = site with { Program = site.Program with { Weights = default } };
        Write(site);
        Restore();
    }

    /// <inheritdoc/>
    /// <remarks>Both operands are light: a new one is a new modulation of the same steps, with their amplitude and phase errors.</remarks>
    public override void Hold(ReadOnlyMemory<float> operand)
    {
        if (!operand.IsEmpty)
        {
            _weights ??= ([.. Weights], [.. _quadratures], [.. _powers]);
            Write(_site with { Program = _site.Program with { Weights = operand } });
        }
        else if (_weights is { } own)
        {
            own.Weights.CopyTo(Weights, 0);
            own.Quadratures.CopyTo(_quadratures, 0);
            own.Powers.CopyTo(_powers, 0);
            _weights = null;
        }
    }

    public override void Drive(ReadOnlySpan<float> inputs)
    {
        base.Drive(inputs);
        _drive = 0;
        foreach (float input in inputs)
        {
            _drive += (double)input * input;
        }

        if (_turns)
        {
            Array.Clear(_crossed);
            CellProduct.Add(inputs, _quadratures, _crossed);
        }
    }

    public override void Move(int unit, float change) => _phases[unit] += change;

    public override ColumnTruth TruthOf(int column, ReadOnlySpan<float> inputs, double readNanoseconds)
    {
        double inPhase = 0;
        double crossed = 0;
        double gain = 0;
        double drive = 0;
        double jitter = 0;

        // Var of cos(phi + psi + xi) over the jitter xi at a given wander psi is (1 + d^2 cos 2(phi + psi)) / 2 - d cos^2(phi + psi), d = exp(-s^2);
        // averaged over the wander, cos 2 psi is exp(-2 s_psi^2).
        double decay = Math.Exp(-_physics.PhaseJitter * _physics.PhaseJitter);
        double wander = Math.Exp(-_physics.PhaseWander * _physics.PhaseWander);
        for (int row = 0; row < Rows; row++)
        {
            int cell = row * Stride + column;
            double input = inputs[row];
            (double w, double q) = (Weights[cell], _quadratures[cell]);
            inPhase += input * w;
            crossed += input * q;
            gain += w * w;
            drive += input * input;
            jitter += 0.5 * input * input * (1 - decay) * (w * w + q * q - decay * wander * wander * (w * w - q * q));
        }

        double mean = inPhase * Math.Sqrt(decay * wander);
        double wandering = decay * (inPhase * inPhase * 0.5 * (1 - wander) * (1 - wander) + crossed * crossed * 0.5 * (1 - wander * wander));
        (double signal, double oscillator, double unit) = Light(drive, column);
        double dark = unit > 0 ? 2 * _physics.DarkElectrons / (unit * unit) : 0;
        double shot = unit > 0 ? _physics.Lumped.DetectionEfficiency * (signal + oscillator) / (unit * unit) : 0;
        double inputPart = _physics.InputNoise * _physics.InputNoise * gain;
        double intensity = mean * mean * _physics.RelativeIntensityNoise * _physics.RelativeIntensityNoise;
        return new ColumnTruth(mean, false,
        [
            new("receiver", _receiver * _receiver, AveragingLaw.White, false),
            new("shot", shot, AveragingLaw.White, false),
            new("dark", dark, AveragingLaw.White, false),
            new("intensity", intensity, AveragingLaw.White, true),
            new("input", inputPart, AveragingLaw.White, true),
            new("phase", jitter, AveragingLaw.White, false),
            new("wander", wandering, new AveragingLaw([(1, 1000 * _physics.PhaseWanderMicroseconds / readNanoseconds)]), false),
            new("readout", _physics.ReadoutNoise * _physics.ReadoutNoise, AveragingLaw.White, false),
        ]);
    }

    protected override float StaticWeight(int cell) => Weights[cell];

    protected override void Age(double nanoseconds)
    {
    }

    protected override void Restore()
    {
        Array.Clear(_phases);
        foreach (SlowState state in Slow)
        {
            state.Values.CopyTo(_phases.AsSpan());
        }
    }

    protected override void Detect(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog)
    {
        Product.CopyTo(analog);
        if (_physics.PhaseJitter > 0)
        {
            TurnEveryStep(analog);
        }

        AddReadNoise(inputNoise, analog);
        if (_physics.PhaseWander > 0)
        {
            for (int column = 0; column < Columns; column++)
            {
                (float sine, float cosine) = MathF.SinCos(_phases[column]);
                analog[column] = analog[column] * cosine - _crossed[column] * sine;
            }
        }

        double efficiency = intensity * _physics.Lumped.DetectionEfficiency;
        for (int column = 0; column < Columns; column++)
        {
            (double signal, double oscillator, double unit) = Light(_drive, column);
            double difference = 0;
            if (unit > 0)
            {
                // Behind the 50:50 splitter the detectors see |s + l|^2 / 2 and |s - l|^2 / 2 photons, summed over the steps.
                double half = efficiency * 0.5 * (signal + oscillator);
                double beat = 0.5 * intensity * unit * analog[column];
                difference = (PoissonSampler.Draw(half + beat + _physics.DarkElectrons, Random, Normals)
                    - PoissonSampler.Draw(half - beat + _physics.DarkElectrons, Random, Normals)) / unit;
            }

            analog[column] = (float)(difference + _receiver * Normals.Next());
        }
    }

    private void Write(in CellSite site)
    {
        float[] targets = site.Targets();
        float[] amplitudeErrors = _physics.Lumped.AmplitudeError > 0 ? site.Normals(0) : targets;
        float[] phaseErrors = _physics.PhaseError > 0 ? site.Normals(1) : targets;
        Array.Clear(_powers);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                int cell = row * Stride + column;
                double amplitude = targets[cell] + _physics.Lumped.AmplitudeError * amplitudeErrors[cell];
                (double sine, double cosine) = Math.SinCos(_physics.PhaseError * phaseErrors[cell]);
                Weights[cell] = (float)(amplitude * cosine);
                _quadratures[cell] = (float)(amplitude * sine);
                _powers[column] += amplitude * amplitude;
            }
        }
    }

    // Photons of the signal and of the oscillator in one read, and electrons of one dot-product unit in the difference; no unit in the dark.
    private (double Signal, double Oscillator, double Unit) Light(double drive, int column)
    {
        double efficiency = _physics.Lumped.DetectionEfficiency;
        if (_physics.FixedGains)
        {
            return (
                _physics.SignalPhotons * drive, _physics.LocalOscillatorPhotons * _powers[column],
                2 * efficiency * Math.Sqrt(_physics.SignalPhotons * _physics.LocalOscillatorPhotons));
        }

        double norm = drive * _powers[column];
        if (norm <= 0)
        {
            return default;
        }

        double budget = _physics.Lumped.PhotonsPerMac * Rows;
        double share = _physics.LocalOscillatorShare;
        return (budget * (1 - share), budget * share, 2 * efficiency * budget * Math.Sqrt(share * (1 - share) / norm));
    }

    // Every step of every column with its own phase in this read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnEveryStep(Span<float> inPhase)
    {
        inPhase.Clear();
        Array.Clear(_crossed);
        Span<Vector256<float>> sums = MemoryMarshal.Cast<float, Vector256<float>>(inPhase);
        Span<Vector256<float>> crossed = MemoryMarshal.Cast<float, Vector256<float>>(_crossed.AsSpan());
        var jitter = Vector256.Create((float)_physics.PhaseJitter);
        for (int row = 0; row < Rows; row++)
        {
            if (Inputs[row] == 0)
            {
                continue;
            }

            var input = Vector256.Create(Inputs[row]);
            ReadOnlySpan<Vector256<float>> normals = MemoryMarshal.Cast<float, Vector256<float>>(Normals.Take(Stride));
            ReadOnlySpan<Vector256<float>> w = MemoryMarshal.Cast<float, Vector256<float>>(Weights.AsSpan(row * Stride, Stride));
            ReadOnlySpan<Vector256<float>> q = MemoryMarshal.Cast<float, Vector256<float>>(_quadratures.AsSpan(row * Stride, Stride));
            for (int j = 0; j < w.Length; j++)
            {
                (Vector256<float> sine, Vector256<float> cosine) = Vector256.SinCos(jitter * normals[j]);
                sums[j] += input * (w[j] * cosine - q[j] * sine);
                crossed[j] += input * (q[j] * cosine + w[j] * sine);
            }
        }
    }

    private static SlowState[] SlowOf(HomodyneCells physics, in CellSite site)
    {
        if (physics.PhaseWander == 0)
        {
            return [];
        }

        float[] amplitudes = new float[site.Stride];
        amplitudes.AsSpan(0, site.Program.Columns).Fill((float)physics.PhaseWander);
        return [new SlowState(1000 * physics.PhaseWanderMicroseconds, amplitudes)];
    }
}
