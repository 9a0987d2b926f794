using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>One block as it ended up on the cells: each copy has its own static errors.</summary>
internal sealed class ProgrammedBlock
{
    private ProgrammedBlock(BlockProgram program, CopyOnTile[] copies)
    {
        Block = program.Block;
        Rows = program.Rows;
        Columns = program.Columns;
        Copies = copies;
    }

    public int Block { get; }

    public int Rows { get; }

    public int Columns { get; }

    public CopyOnTile[] Copies { get; }

    /// <summary>Writes the cells; <paramref name="programming"/> counts the programmings since power-up, so that each has fresh errors.</summary>
    public static ProgrammedBlock Write(BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, ulong boot, ulong programming)
    {
        var copies = new CopyOnTile[program.Copies.Length];
        for (int copy = 0; copy < copies.Length; copy++)
        {
            GaussianKey key = GaussianKey.Derive(
                options.Seed, (ulong)NoisePurpose.Programming, boot, programming, (ulong)program.Block, (ulong)copy);
            copies[copy] = CopyOnTile.Write(program, program.Copies[copy], options.Physics, errors, key);
        }

        return new ProgrammedBlock(program, copies);
    }
}
