using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>A block whose copies keep the state of every cell.</summary>
internal sealed class CellBlock : ProgrammedBlock
{
    public CellBlock(BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, ulong boot, ulong programming, double nanoseconds)
        : base(program)
    {
        Options = options;
        Errors = errors;
        Tiles = new CellTile[program.Copies.Length];
        for (int copy = 0; copy < Tiles.Length; copy++)
        {
            GaussianKey key = GaussianKey.Derive(
                options.Seed, (ulong)NoisePurpose.Programming, boot, programming, (ulong)program.Block, (ulong)copy);
            Tiles[copy] = ((CellPhysics)options.Physics).Write(new CellSite(program, program.Copies[copy], options, key, nanoseconds));
        }
    }

    public SimulatedDeviceOptions Options { get; }

    public ColumnErrors Errors { get; }

    public CellTile[] Tiles { get; }

    public override int CopyCount => Tiles.Length;

    public override ProgrammedBlock Holding(ReadOnlyMemory<float> operand)
    {
        foreach (CellTile tile in Tiles)
        {
            tile.Hold(operand);
        }

        return this;
    }

    public override long Read(in ReadCall call, CancellationToken cancellationToken)
    {
        try
        {
            return new CellRead(this, call).Run(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            for (int copy = 0; copy < Tiles.Length; copy++)
            {
                Tiles[copy].Forget(call.StartNanoseconds, CellRead.Key(Options, NoisePurpose.CellStates, call, Block, copy));
            }

            throw;
        }
    }
}
