using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;

namespace AnalogHil.Devices.Simulation;

/// <summary>One execution of one block: every vector, column, copy and repeat is drawn, converted and accumulated by itself.</summary>
/// <remarks>
/// Read k of vector v uses number k * stride + v of the stream (execution, copy, column), so neither threads nor chunks change a result.
/// </remarks>
internal sealed class BlockRead
{
    // Floats of one product chunk: small enough for the second-level cache, long enough lanes for the read loop.
    private const int ChunkFloats = 1 << 16;
    private const int LongestChunk = 1024;
    private const int NoiseFloats = 4096;

    private readonly LumpedBlock _block;
    private readonly SimulatedDeviceOptions _options;
    private readonly OutputConverter _converter;
    private readonly InputConverter _input;
    private readonly int[] _repeats;
    private readonly bool _accumulates;
    private readonly ulong[][] _readKeys;
    private readonly ulong[][] _slowKeys;
    private readonly int _vectors;
    private readonly int _stride;
    private readonly ReadOnlyMemory<float> _inputs;
    private readonly Memory<float> _outputs;
    private long _saturated;

    public BlockRead(LumpedBlock block, SimulatedDeviceOptions options, in ReadCall call)
    {
        (ulong boot, ulong execution) = (call.Boot, call.Execution);
        _block = block;
        _options = options;
        _converter = new OutputConverter(options.AdcFullScale, options.AdcBits);
        _input = new InputConverter(options.DacBits, options.Physics.SignedInputs);
        _repeats = call.Repeats;
        _accumulates = call.Mode == RedundancyMode.AccumulateThenRead;
        _vectors = call.Vectors;
        _stride = (call.Vectors + 15) / 16 * 16;
        _inputs = call.Inputs;
        _outputs = call.Outputs;
        _readKeys = Keys(NoisePurpose.Read);
        _slowKeys = Keys(NoisePurpose.Slow);

        ulong[][] Keys(NoisePurpose purpose)
        {
            ulong[][] keys = new ulong[block.Copies.Length][];
            for (int copy = 0; copy < keys.Length; copy++)
            {
                keys[copy] = new ulong[block.Columns];
                for (int column = 0; column < block.Columns; column++)
                {
                    keys[copy][column] = GaussianKey.Derive(
                        options.NoiseSeed ?? options.Seed, (ulong)purpose, boot, execution, (ulong)block.Block, (ulong)copy, (ulong)column).Value;
                }
            }

            return keys;
        }
    }

    /// <summary>Fills the outputs; returns the saturated reads.</summary>
    public long Run(CancellationToken cancellationToken)
    {
        int chunk = Math.Clamp(ChunkFloats / _block.Columns / 16 * 16, 64, LongestChunk);
        if (_options.Threads > 1 && _vectors >= 128)
        {
            int share = ((_vectors + _options.Threads - 1) / _options.Threads + 15) / 16 * 16;
            chunk = Math.Min(chunk, share);
        }

        int chunks = (_vectors + chunk - 1) / chunk;
        if (_options.Threads == 1 || chunks == 1)
        {
            using var scratch = new ReadScratch(chunk, _block.Rows, _block.Columns, NoiseFloats);
            for (int i = 0; i < chunks; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadChunk(i * chunk, Math.Min(chunk, _vectors - i * chunk), scratch);
            }
        }
        else
        {
            var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _options.Threads };
            Parallel.For(
                0, chunks, parallel,
                () => new ReadScratch(chunk, _block.Rows, _block.Columns, NoiseFloats),
                (i, _, scratch) =>
                {
                    ReadChunk(i * chunk, Math.Min(chunk, _vectors - i * chunk), scratch);
                    return scratch;
                },
                scratch => scratch.Dispose());
        }

        return _saturated;
    }

    private void ReadChunk(int first, int count, ReadScratch scratch)
    {
        int columns = _block.Columns;
        Span<float> driven = scratch.Driven.AsSpan(0, count * _block.Rows);
        Span<float> squares = scratch.Squares.AsSpan(0, count);
        Span<float> magnitudes = scratch.Magnitudes.AsSpan(0, count);
        Span<float> product = scratch.Product.AsSpan(0, count * columns);
        Span<float> outputs = _outputs.Span.Slice(first * columns, count * columns);
        _input.Convert(_inputs.Span.Slice(first * _block.Rows, count * _block.Rows), driven);
        DriveStrength.Measure(driven, _block.Rows, squares, magnitudes);
        long saturated = 0;
        for (int copy = 0; copy < _block.Copies.Length; copy++)
        {
            MatrixProduct.Multiply(driven, count, _block.Rows, _block.Copies[copy].Weights, product, columns);
            for (int column = 0; column < columns; column++)
            {
                saturated += ReadColumn(copy, column, first, count, scratch);
                Store(outputs, column, copy, scratch.Sum.AsSpan(0, count));
            }
        }

        Interlocked.Add(ref _saturated, saturated);
    }

    private long ReadColumn(int copy, int column, int first, int count, ReadScratch scratch)
    {
        CopyOnTile tile = _block.Copies[copy];
        Span<float> signal = scratch.Signal.AsSpan(0, count);
        Span<float> deviation = scratch.Deviation.AsSpan(0, count);
        Span<float> sum = scratch.Sum.AsSpan(0, count);
        ReadOnlySpan<float> product = scratch.Product;
        for (int v = 0; v < count; v++)
        {
            signal[v] = product[v * _block.Columns + column];
        }

        ColumnNoise noise = tile.Noise[column];
        ReadOnlySpan<float> squares = scratch.Squares.AsSpan(0, count);
        if (noise.SlowPerSquare > 0)
        {
            Span<float> slow = scratch.Normal.AsSpan(0, count);
            GaussianGenerator.Fill(new GaussianKey(_slowKeys[copy][column]), (ulong)first, slow);
            for (int v = 0; v < count; v++)
            {
                signal[v] += MathF.Sqrt((float)noise.SlowPerSquare * squares[v]) * slow[v];
            }
        }

        // The column's gain acts on signal and noise alike; both go to the converter in codes.
        float gain = tile.Gain[column] / _converter.Step;
        DriveStrength.Deviation(noise, squares, scratch.Magnitudes.AsSpan(0, count), Math.Abs(gain), deviation);
        float offset = tile.Offset[column] / _converter.Step;
        for (int v = 0; v < count; v++)
        {
            signal[v] = gain * signal[v] + offset;
        }

        sum.Clear();
        int repeats = _repeats.Length == 1 ? _repeats[0] : _repeats[column];
        long saturated = Repeat(new GaussianKey(_readKeys[copy][column]), first, repeats, signal, deviation, sum, scratch.Normal.AsSpan(0, Math.Max(NoiseFloats, count)));
        if (!_accumulates)
        {
            return saturated;
        }

        // The capacitor's charge is scaled back by the integration gain 1 / K and converted once; a clipped conversion loses all K reads behind it.
        for (int v = 0; v < count; v++)
        {
            saturated += repeats * (long)ReadAccumulator.Convert(_converter, sum[v] / repeats, out float code);
            sum[v] = code * repeats;
        }

        return saturated;
    }

    private long Repeat(
        GaussianKey key, int first, int repeats, ReadOnlySpan<float> signal, ReadOnlySpan<float> deviation, Span<float> sum, Span<float> normal)
    {
        int count = signal.Length;

        // Short batches draw several reads in one go; long ones draw the chunk's part of one read.
        int together = count == _vectors ? Math.Clamp(normal.Length / _stride, 1, repeats) : 1;
        int pitch = together == 1 ? count : _stride;
        long saturated = 0;
        for (int read = 0; read < repeats; read += together)
        {
            int reads = Math.Min(together, repeats - read);
            GaussianGenerator.Fill(key, (ulong)read * (ulong)_stride + (ulong)first, normal[..((reads - 1) * pitch + count)]);
            for (int r = 0; r < reads; r++)
            {
                ReadOnlySpan<float> z = normal.Slice(r * pitch, count);
                if (_accumulates)
                {
                    ReadAccumulator.AddAnalog(z, signal, deviation, sum);
                }
                else
                {
                    saturated += ReadAccumulator.AddConverted(_converter, z, signal, deviation, sum);
                }
            }
        }

        return saturated;
    }

    private void Store(Span<float> outputs, int column, int copy, ReadOnlySpan<float> sum)
    {
        int repeats = _repeats.Length == 1 ? _repeats[0] : _repeats[column];
        float scale = _converter.Step / repeats / _block.Copies.Length;
        int columns = _block.Columns;
        for (int v = 0; v < sum.Length; v++)
        {
            float mean = sum[v] * scale;
            outputs[v * columns + column] = copy == 0 ? mean : outputs[v * columns + column] + mean;
        }
    }
}
