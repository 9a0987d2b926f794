namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Lines and amplifiers behind the columns follow a change of drive with one time constant: what is left of the difference between the old and the new
/// mean output dies away as exp(-t / tau), also between calls. Read noise arises behind them and does not lag.
/// </summary>
/// <param name="nanoseconds">tau, above 0.</param>
/// <param name="rows">Rows of the block.</param>
/// <param name="columns">Columns of the block.</param>
internal sealed class OutputLag(double nanoseconds, int rows, int columns)
{
    private readonly float[] _driven = new float[rows];
    private readonly double[] _mean = new double[columns];
    private readonly double[] _left = new double[columns];
    private double _clock;

    /// <summary>Another vector is driven from now on.</summary>
    /// <param name="tile">Cells that answer.</param>
    /// <param name="inputs">[rows].</param>
    /// <param name="at">Device's clock, nanoseconds.</param>
    /// <param name="read">Time of a read, nanoseconds.</param>
    public void Drive(CellTile tile, ReadOnlySpan<float> inputs, double at, double read)
    {
        if (inputs.SequenceEqual(_driven))
        {
            return;
        }

        Pass(at);
        inputs.CopyTo(_driven);
        for (int column = 0; column < _mean.Length; column++)
        {
            double mean = tile.TruthOf(column, inputs, read).Mean;
            _left[column] += _mean[column] - mean;
            _mean[column] = mean;
        }
    }

    /// <summary>Adds what is left at a time, device's clock in nanoseconds, to the outputs of a read.</summary>
    public void AddTo(Span<float> analog, double at)
    {
        Pass(at);
        for (int column = 0; column < _left.Length; column++)
        {
            analog[column] += (float)_left[column];
        }
    }

    private void Pass(double at)
    {
        double decay = Math.Exp(-Math.Max(0, at - _clock) / nanoseconds);
        for (int column = 0; column < _left.Length; column++)
        {
            _left[column] *= decay;
        }

        _clock = at;
    }
}
