using System.Runtime.CompilerServices;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>One execution of one block cell by cell: vectors and their K reads follow each other in time, columns and copies are read at once.</summary>
internal sealed class CellRead
{
    private readonly CellBlock _block;
    private readonly CellPhysics _physics;
    private readonly SimulatedDeviceOptions _options;
    private readonly ReadCall _call;
    private readonly OutputConverter _converter;
    private readonly ColumnReceiver[][] _receivers;
    private readonly NormalStream _common;
    private readonly int _most;
    private readonly float[] _driven;
    private readonly float[] _inputNoise;
    private readonly ConverterInl[] _inputInl;
    private readonly float[] _analog;
    private readonly double[] _sums;

    public CellRead(CellBlock block, in ReadCall call)
    {
        _block = block;
        _options = block.Options;
        _physics = (CellPhysics)block.Options.Physics;
        _call = call;
        _converter = new OutputConverter(_options.AdcFullScale, _options.AdcBits);
        _most = call.Repeats.Max();
        _receivers = [.. block.Tiles.Select(Receivers)];
        _common = new NormalStream(Key(_options, NoisePurpose.Common, call, block.Block, 0));
        _driven = new float[block.Rows];
        _inputNoise = new float[_physics.InputNoise > 0 ? block.Rows : 0];
        CellTile first = block.Tiles[0];
        var site = new CellSite(block.Program, first.At, _options, default, 0);
        _inputInl = _physics.DacInl > 0
            ? [.. Enumerable.Range(0, block.Rows).Select(row => new ConverterInl(_physics.DacInl, 2 * Math.PI * site.Lot(NoisePurpose.DacInl, row, -first.At.Column)))]
            : [];
        _analog = new float[first.Stride];
        _sums = new double[block.Columns];
    }

    public static GaussianKey Key(SimulatedDeviceOptions options, NoisePurpose purpose, in ReadCall call, int block, int copy) =>
        GaussianKey.Derive(options.NoiseSeed ?? options.Seed, (ulong)purpose, call.Boot, call.Execution, (ulong)block, (ulong)copy);

    /// <summary>Fills the outputs; returns the saturated reads.</summary>
    public long Run(CancellationToken cancellationToken)
    {
        double read = _options.ReadTimeNanoseconds;
        double start = _call.StartNanoseconds + _options.SettlingTime.TotalNanoseconds;
        for (int copy = 0; copy < _block.Tiles.Length; copy++)
        {
            _block.Tiles[copy].Begin(start, read, Key(_options, NoisePurpose.Read, _call, _block.Block, copy));
        }

        var converter = new InputConverter(_options.DacBits, _physics.SignedInputs);
        long saturated = 0;
        for (int v = 0; v < _call.Vectors; v++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            converter.Convert(_call.Inputs.Span.Slice(v * _block.Rows, _block.Rows), _driven);
            for (int row = 0; row < _inputInl.Length; row++)
            {
                _driven[row] = _inputInl[row].Apply(_driven[row]);
            }

            // Before the first vector the device waits for its settling time; the others follow one upon the other.
            double begin = v == 0 ? _call.StartNanoseconds : start + v * (double)_most * read;
            foreach (CellTile tile in _block.Tiles)
            {
                tile.Lag?.Drive(tile, _driven, begin, read);
                tile.Drive(_driven);
            }

            Array.Clear(_sums);
            double cold = Math.Exp(-(start + v * (double)_most * read) / (1e9 * _physics.WarmUpSeconds));
            for (int k = 0; k < _most; k++)
            {
                saturated += ReadAll(k, cold, read, start + (v * (double)_most + k + 1) * read);
            }

            Span<float> outputs = _call.Outputs.Span.Slice(v * _block.Columns, _block.Columns);
            for (int column = 0; column < outputs.Length; column++)
            {
                outputs[column] = (float)(_sums[column] * _converter.Step / _block.Tiles.Length);
            }
        }

        return saturated;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long ReadAll(int k, double cold, double read, double end)
    {
        double intensity = _physics.CommonIntensity > 0 ? Math.Max(0, 1 + _physics.CommonIntensity * _common.Next()) : 1;
        if (_inputNoise.Length > 0)
        {
            ReadOnlySpan<float> normals = _common.Take(_inputNoise.Length);
            for (int row = 0; row < normals.Length; row++)
            {
                _inputNoise[row] = (float)_physics.InputNoise * normals[row];
            }
        }

        float gain = 1 + (float)(_physics.WarmUpGain * cold);
        float offset = (float)(_physics.WarmUpOffset * cold);
        bool accumulates = _call.Mode == RedundancyMode.AccumulateThenRead;
        long saturated = 0;
        for (int copy = 0; copy < _block.Tiles.Length; copy++)
        {
            _block.Tiles[copy].Read(intensity, _inputNoise, _analog, read);
            _block.Tiles[copy].Lag?.AddTo(_analog, end);
            ColumnReceiver[] receivers = _receivers[copy];
            for (int column = 0; column < _sums.Length; column++)
            {
                int repeats = _call.Repeats.Length == 1 ? _call.Repeats[0] : _call.Repeats[column];
                if (k >= repeats)
                {
                    continue;
                }

                ref ColumnReceiver receiver = ref receivers[column];
                float value = receiver.Receive(_analog[column], gain, offset);
                if (!accumulates)
                {
                    saturated += receiver.Convert(value, _converter, _common, out float each);
                    _sums[column] += (double)each / repeats;
                    continue;
                }

                // The charge is converted once; a clipped conversion loses all K reads behind it.
                receiver.Accumulate(value / repeats);
                if (k == repeats - 1)
                {
                    saturated += repeats * receiver.Convert(receiver.TakeCharge(), _converter, _common, out float code);
                    _sums[column] += code;
                }
            }
        }

        return saturated;
    }

    private ColumnReceiver[] Receivers(CellTile tile)
    {
        var receivers = new ColumnReceiver[tile.Columns];
        var site = new CellSite(_block.Program, tile.At, _options, default, 0);
        for (int column = 0; column < receivers.Length; column++)
        {
            int physical = tile.At.Column + column;
            double angle = 2 * Math.PI * site.Lot(NoisePurpose.AdcInl, -tile.At.Row, column);
            receivers[column] = new ColumnReceiver(
                _options, _physics, _block.Errors.Gain[tile.At.Tile][physical], _block.Errors.Offset[tile.At.Tile][physical],
                new ConverterInl(_physics.AdcInl, angle), _block.Errors.Stuck[tile.At.Tile].GetValueOrDefault(physical, float.NaN));
        }

        return receivers;
    }
}
