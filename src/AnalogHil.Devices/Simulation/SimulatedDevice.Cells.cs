using System.Collections.Immutable;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

// What only tests and benchmarks do with a device: let its clock run, and look at its cells.
public sealed partial class SimulatedDevice
{
    /// <summary>Lets time pass on the device's clock without a read: drift, warming up and slow noise go on.</summary>
    /// <param name="time">Not negative.</param>
    public void LetTimePass(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_gate)
        {
            _uptimeNanoseconds += time.TotalNanoseconds;
        }
    }

    /// <summary>What every column of a programmed block gives at one vector, from the present state of its cells; per-cell tier only.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="input">[rows], as driven by an ideal converter.</param>
    /// <param name="copy">Copy of the block.</param>
    /// <exception cref="InvalidOperationException">The physics is lumped, or the block is not programmed.</exception>
    public ImmutableArray<ColumnTruth> TruthOf(int block, ReadOnlySpan<float> input, int copy = 0)
    {
        lock (_gate)
        {
            if (_blocks.GetValueOrDefault(block) is not CellBlock cells)
            {
                throw new InvalidOperationException(
                    $"block {block} has no cells: it is not programmed, or the physics is lumped; program it on a bench of the tier cells");
            }

            cells.Holding(default);
            CellTile tile = cells.Tiles[copy];
            Dictionary<int, float> stuck = _errors.Stuck[tile.At.Tile];
            var columns = ImmutableArray.CreateBuilder<ColumnTruth>(tile.Columns);
            for (int column = 0; column < tile.Columns; column++)
            {
                columns.Add(stuck.TryGetValue(tile.At.Column + column, out float value)
                    ? new ColumnTruth(value, true, [])
                    : tile.TruthOf(column, input, _options.ReadTimeNanoseconds));
            }

            return columns.MoveToImmutable();
        }
    }
}
