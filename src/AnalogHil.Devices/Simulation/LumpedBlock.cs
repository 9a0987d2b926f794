using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>A block with one variance an output: each copy has its own static errors, noise has no further state.</summary>
internal sealed class LumpedBlock : ProgrammedBlock
{
    private readonly SimulatedDeviceOptions _options;
    private readonly ColumnErrors _errors;
    private readonly GaussianKey[] _keys;

    public LumpedBlock(BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, ulong boot, ulong programming)
        : this(program, options, errors, [.. Enumerable.Range(0, program.Copies.Length).Select(copy => GaussianKey.Derive(
            options.Seed, (ulong)NoisePurpose.Programming, boot, programming, (ulong)program.Block, (ulong)copy))])
    {
    }

    private LumpedBlock(BlockProgram program, SimulatedDeviceOptions options, ColumnErrors errors, GaussianKey[] keys)
        : base(program)
    {
        _options = options;
        _errors = errors;
        _keys = keys;
        Copies = [.. program.Copies.Select((at, copy) => CopyOnTile.Write(program, at, options.Physics, errors, keys[copy]))];
    }

    public CopyOnTile[] Copies { get; }

    public override int CopyCount => Copies.Length;

    // Errors belong to the cells: the same keys give the same ones whatever the cells hold.
    public override ProgrammedBlock Holding(ReadOnlyMemory<float> operand) =>
        operand.IsEmpty ? this : new LumpedBlock(Program with { Weights = operand }, _options, _errors, _keys);

    public override long Read(in ReadCall call, CancellationToken cancellationToken) =>
        new BlockRead(this, _options, call).Run(cancellationToken);
}
