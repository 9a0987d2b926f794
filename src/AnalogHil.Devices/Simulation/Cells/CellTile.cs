using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// One copy of a block on its cells, with the present state of each. Arrays are [rows x stride], columns on the lanes. Time only moves
/// forward: <see cref="Begin"/> catches up with the device's clock, every <see cref="Read"/> lets one read time pass.
/// </summary>
internal abstract class CellTile
{
    private readonly SlowState[] _slow;
    private readonly float[] _squares;
    private readonly bool _everyCell;
    private readonly int _shift;
    private double _clock;

    /// <param name="site">Place.</param>
    /// <param name="fresh">Variance of every cell's weight that is fresh at every read, weight units squared.</param>
    /// <param name="slow">What has a memory.</param>
    protected CellTile(in CellSite site, float[] fresh, SlowState[] slow)
    {
        Rows = site.Program.Rows;
        Columns = site.Program.Columns;
        Stride = site.Stride;
        At = site.At;
        Fresh = fresh;
        HasFresh = fresh.Any(variance => variance > 0);
        _slow = slow;
        var physics = (CellPhysics)site.Options.Physics;
        _everyCell = physics.DrawsEveryCell;
        Lag = physics.LagNanoseconds > 0 ? new OutputLag(physics.LagNanoseconds, Rows, Columns) : null;
        _clock = site.ProgrammedAt;
        _shift = System.Numerics.BitOperations.Log2((uint)Stride);
        Weights = new float[site.Cells];
        Inputs = new float[Rows];
        _squares = new float[Rows];
        Product = new float[Stride];
        Spread = new float[Stride];
        Random = new CellRandom(site.Programming.Value);
        Normals = new NormalStream(GaussianKey.Derive(site.Programming.Value, (ulong)NoisePurpose.CellStates));
        Redraw();
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Stride { get; }

    public Placement At { get; }

    /// <summary>Weights at this moment, slow noise included.</summary>
    protected float[] Weights { get; }

    /// <summary>Variance of every cell's weight that is fresh at every read.</summary>
    protected float[] Fresh { get; }

    protected bool HasFresh { get; }

    /// <summary>The driven vector.</summary>
    protected float[] Inputs { get; }

    /// <summary>Dot products of the driven vector with the present weights.</summary>
    protected float[] Product { get; }

    /// <summary>Variance of the dot products from <see cref="Fresh"/>.</summary>
    protected float[] Spread { get; }

    protected CellRandom Random { get; private set; }

    protected NormalStream Normals { get; private set; }

    protected IReadOnlyList<SlowState> Slow => _slow;

    /// <summary>How the outputs follow a change of drive; null where they do at once.</summary>
    public OutputLag? Lag { get; }

    /// <summary>Catches up with the device's clock and takes the numbers of this execution.</summary>
    public void Begin(double nanoseconds, double read, GaussianKey key)
    {
        Random = new CellRandom(key.Value);
        Normals = new NormalStream(key);
        Array.Clear(Inputs);
        Array.Clear(Product);
        foreach (SlowState slow in _slow)
        {
            slow.Skip(nanoseconds - _clock, read, this, Random, Normals);
        }

        _clock = nanoseconds;
        Age(nanoseconds);
    }

    /// <summary>After a call that was cut off at an unknown read: all memory is drawn anew from <paramref name="key"/>, so that what follows is determined again.</summary>
    public void Forget(double nanoseconds, GaussianKey key)
    {
        Random = new CellRandom(key.Value);
        Normals = new NormalStream(key);
        Redraw();
        _clock = nanoseconds;
        Restore();
    }

    /// <summary>Multiplies by another operand, or by the weights again, from the next vector on; states with a memory go on.</summary>
    /// <param name="operand">[rows x columns] as converted; empty for the weights.</param>
    public virtual void Hold(ReadOnlyMemory<float> operand)
    {
        if (!operand.IsEmpty)
        {
            throw new NotSupportedException($"{GetType().Name} holds the weights that were written; capabilities must not offer anything else");
        }
    }

    /// <summary>Holds a vector on the rows until the next one.</summary>
    public virtual void Drive(ReadOnlySpan<float> inputs)
    {
        inputs.CopyTo(Inputs);
        Array.Clear(Product);
        CellProduct.Add(Inputs, Weights, Product);
        if (!HasFresh)
        {
            return;
        }

        for (int row = 0; row < Rows; row++)
        {
            _squares[row] = inputs[row] * inputs[row];
        }

        Array.Clear(Spread);
        CellProduct.Add(_squares, Fresh, Spread);
    }

    /// <summary>One read of all columns, dot-product units.</summary>
    /// <param name="intensity">Light or voltage of this read relative to its mean, 1 without common noise.</param>
    /// <param name="inputNoise">Noise of every row's input in this read; empty without.</param>
    /// <param name="analog">[columns].</param>
    /// <param name="read">A read time, nanoseconds.</param>
    public void Read(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog, double read)
    {
        foreach (SlowState slow in _slow)
        {
            slow.Step(this, Random, Normals);
        }

        _clock += read;
        Detect(intensity, inputNoise, analog);
    }

    /// <summary>A slow state of <paramref name="unit"/> has changed by <paramref name="change"/>.</summary>
    public abstract void Move(int unit, float change);

    /// <summary>Parts of the noise and the mean of one column for <paramref name="inputs"/>, from the cells as they are.</summary>
    public abstract ColumnTruth TruthOf(int column, ReadOnlySpan<float> inputs, double readNanoseconds);

    /// <summary>Weights without slow noise, [rows x columns].</summary>
    public float[] StaticWeights()
    {
        float[] weights = new float[Rows * Columns];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = StaticWeight(i / Columns * Stride + i % Columns);
        }

        return weights;
    }

    protected abstract float StaticWeight(int cell);

    /// <summary>What changes with the device's clock and is not noise: drift, warming up.</summary>
    protected abstract void Age(double nanoseconds);

    /// <summary>Sets <see cref="Weights"/> and the like from the static values and the slow states.</summary>
    protected abstract void Restore();

    protected abstract void Detect(double intensity, ReadOnlySpan<float> inputNoise, Span<float> analog);

    /// <summary>Adds to a cell's weight and to the product that hangs on it.</summary>
    protected void Add(int cell, float change)
    {
        Weights[cell] += change;
        Product[cell & (Stride - 1)] += Inputs[cell >> _shift] * change;
    }

    /// <summary>sums += noise of every row's input, and the fresh noise of every cell when each is drawn.</summary>
    protected void AddReadNoise(ReadOnlySpan<float> inputNoise, Span<float> sums)
    {
        if (!inputNoise.IsEmpty)
        {
            CellProduct.Add(inputNoise, Weights, sums);
        }

        if (!_everyCell || !HasFresh)
        {
            return;
        }

        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> normals = Normals.Take(Columns);
            for (int column = 0; column < Columns; column++)
            {
                sums[column] += Inputs[row] * MathF.Sqrt(Fresh[row * Stride + column]) * normals[column];
            }
        }
    }

    /// <summary>Variance of a column's sum that is still to be drawn: 0 when every cell was.</summary>
    protected float SpreadOf(int column) => _everyCell || !HasFresh ? 0 : Spread[column];

    private void Redraw()
    {
        foreach (SlowState slow in _slow)
        {
            slow.Redraw(Random, Normals);
        }
    }
}
