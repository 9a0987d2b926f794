using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>A block with one variance an output: each copy has its own static errors, noise has no further state.</summary>
internal sealed class LumpedBlock : ProgrammedBlock
{
    private readonly SimulatedDeviceOptions _options;

    public LumpedBlock(BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, ulong boot, ulong programming)
        : base(program)
    {
        _options = options;
        Copies = new CopyOnTile[program.Copies.Length];
        for (int copy = 0; copy < Copies.Length; copy++)
        {
            GaussianKey key = GaussianKey.Derive(
                options.Seed, (ulong)NoisePurpose.Programming, boot, programming, (ulong)program.Block, (ulong)copy);
            Copies[copy] = CopyOnTile.Write(program, program.Copies[copy], options.Physics, errors, key);
        }
    }

    public CopyOnTile[] Copies { get; }

    public override int CopyCount => Copies.Length;

    public override long Read(in ReadCall call, CancellationToken cancellationToken) =>
        new BlockRead(this, _options, call).Run(cancellationToken);
}
