using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Where one copy of a block is written, and where its individual errors come from.</summary>
/// <param name="Program">The block.</param>
/// <param name="At">First cell.</param>
/// <param name="Options">The device.</param>
/// <param name="Programming">Key of what is drawn at every programming.</param>
/// <param name="ProgrammedAt">Device time, nanoseconds.</param>
internal readonly record struct CellSite(
    BlockProgram Program, Placement At, SimulatedDeviceOptions Options, GaussianKey Programming, double ProgrammedAt)
{
    /// <summary>Columns of the block on the lanes of the tile's arrays.</summary>
    public int Stride => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(Program.Columns, 16));

    /// <summary>Entries of an array [rows x stride].</summary>
    public int Cells => Program.Rows * Stride;

    /// <summary>Standard normal numbers, one an entry of [rows x stride]; <paramref name="purpose"/> tells independent draws of a programming apart.</summary>
    public float[] Normals(ulong purpose)
    {
        float[] normals = new float[Cells];
        GaussianGenerator.Fill(GaussianKey.Derive(Programming.Value, purpose), 0, normals);
        return normals;
    }

    /// <summary>Target weight of every entry, 0 where the lanes are padded.</summary>
    public float[] Targets()
    {
        float[] targets = new float[Cells];
        for (int row = 0; row < Program.Rows; row++)
        {
            Program.Weights.Span.Slice(row * Program.Columns, Program.Columns).CopyTo(targets.AsSpan(row * Stride));
        }

        return targets;
    }

    /// <summary>Number in (0, 1] that belongs to a physical place of the device for ever.</summary>
    public double Lot(NoisePurpose purpose, int row, int column) => new CellRandom(
        GaussianKey.Derive(Options.Seed, (ulong)purpose, (ulong)At.Tile, (ulong)(At.Row + row), (ulong)(At.Column + column)).Value).Uniform();
}
