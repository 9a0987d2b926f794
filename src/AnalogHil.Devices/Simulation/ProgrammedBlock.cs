using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

/// <summary>One block as it ended up on the device, in the tier of its physics.</summary>
internal abstract class ProgrammedBlock(BlockProgram program)
{
    /// <summary>The block without its weights: those belong to the caller.</summary>
    public BlockProgram Program { get; } = program with { Weights = default };

    public int Block => Program.Block;

    public int Rows => Program.Rows;

    public int Columns => Program.Columns;

    public abstract int CopyCount { get; }

    /// <summary>Writes the cells; <paramref name="programming"/> counts the programmings since power-up, so that each has fresh errors.</summary>
    public static ProgrammedBlock Write(
        BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, ulong boot, ulong programming, double nanoseconds) =>
        options.Physics is CellPhysics
            ? new CellBlock(program, options, errors, boot, programming, nanoseconds)
            : new LumpedBlock(program, options, errors, boot, programming);

    /// <summary>The block as it multiplies in one call: by another operand where one is given, with the errors of its own cells, else by its weights.</summary>
    /// <param name="operand">[rows x columns] as converted; empty for the weights.</param>
    public abstract ProgrammedBlock Holding(ReadOnlyMemory<float> operand);

    /// <summary>Drives the block and fills the outputs; returns the saturated reads.</summary>
    public abstract long Read(in ReadCall call, CancellationToken cancellationToken);
}
