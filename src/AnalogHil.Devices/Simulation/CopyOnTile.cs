using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>One copy of a block with the noise of each column.</summary>
/// <param name="Weights">[rows x columns], as programmed, errors included.</param>
/// <param name="Noise">[columns].</param>
/// <param name="Gain">[columns], dimensionless.</param>
/// <param name="Offset">[columns], dot-product units.</param>
internal sealed record CopyOnTile(PackedMatrix Weights, ColumnNoise[] Noise, float[] Gain, float[] Offset)
{
    public static CopyOnTile Write(BlockProgram program, Placement at, TilePhysics physics, ColumnErrors errors, GaussianKey key)
    {
        float[] weights = program.Weights.ToArray();
        if (physics.ProgrammingError > 0)
        {
            float[] normal = new float[weights.Length];
            GaussianGenerator.Fill(key, 0, normal);
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] += (float)physics.ProgrammingError * normal[i];
            }
        }

        var noise = new ColumnNoise[program.Columns];
        for (int column = 0; column < program.Columns; column++)
        {
            double squares = 0;
            for (int row = 0; row < program.Rows; row++)
            {
                double weight = weights[row * program.Columns + column];
                squares += weight * weight;
            }

            noise[column] = physics.NoiseOf(program.Rows, squares);
        }

        return new CopyOnTile(
            PackedMatrix.FromRows(weights, program.Rows, program.Columns),
            noise,
            errors.Gain[at.Tile].AsSpan(at.Column, program.Columns).ToArray(),
            errors.Offset[at.Tile].AsSpan(at.Column, program.Columns).ToArray());
    }
}
