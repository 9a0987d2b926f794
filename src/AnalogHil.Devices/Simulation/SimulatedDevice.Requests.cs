using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

// What a request must be, and what it costs.
public sealed partial class SimulatedDevice
{
    private ProgrammedBlock Checked(in ExecuteRequest request)
    {
        if (!_blocks.TryGetValue(request.Block, out ProgrammedBlock? block))
        {
            throw Invalid($"block {request.Block} is not programmed; program it first");
        }

        if (request.Vectors < 1 || request.Vectors > Capabilities.MaxVectors)
        {
            throw Invalid($"{request.Vectors} vectors in one call, allowed are 1 to {Capabilities.MaxVectors}; split the batch");
        }

        if (request.Inputs.Length != request.Vectors * block.Rows || request.Outputs.Length < request.Vectors * block.Columns)
        {
            throw Invalid(
                $"block {request.Block} with {request.Vectors} vectors needs {request.Vectors * block.Rows} inputs and {request.Vectors * block.Columns} outputs, given are {request.Inputs.Length} and {request.Outputs.Length}");
        }

        int outside = new InputConverter(_options.DacBits, Capabilities.SignedInputs).FirstOutside(request.Inputs.Span);
        if (outside >= 0)
        {
            throw Invalid(
                $"block {request.Block} vector {outside / block.Rows} row {outside % block.Rows}: input {request.Inputs.Span[outside]} is outside [{(Capabilities.SignedInputs ? -1 : 0)}, 1]; divide by the layer's full scale");
        }

        CheckOperand(request, block);
        return block;
    }

    private void CheckOperand(in ExecuteRequest request, ProgrammedBlock block)
    {
        if (request.Operand.IsEmpty)
        {
            return;
        }

        if (!Capabilities.MultipliesActivations)
        {
            throw Invalid($"block {request.Block} is given another operand, and this device multiplies by programmed weights only; compute the product digitally");
        }

        if (request.Operand.Length != block.Rows * block.Columns)
        {
            throw Invalid($"block {request.Block} needs an operand of {block.Rows} x {block.Columns}, given are {request.Operand.Length} values");
        }

        int outside = new InputConverter(_options.DacBits, signed: true).FirstOutside(request.Operand.Span);
        if (outside >= 0)
        {
            throw Invalid(
                $"block {request.Block} row {outside / block.Columns} column {outside % block.Columns}: operand {request.Operand.Span[outside]} is outside [-1, 1]; divide by its full scale");
        }
    }

    // Both operands enter through converters of the same kind.
    private ReadOnlyMemory<float> Converted(ReadOnlyMemory<float> operand)
    {
        float[] driven = new float[operand.Length];
        new InputConverter(_options.DacBits, signed: true).Convert(operand.Span, driven);
        return driven;
    }

    private ExecuteReply Account(ProgrammedBlock block, RedundancyMode mode, int[] repeats, int vectors, int operand, long saturated, uint checksum)
    {
        long repeatsOverColumns = repeats.Length == 1 ? (long)repeats[0] * block.Columns : repeats.Sum(k => (long)k);
        long reads = vectors * repeatsOverColumns * block.CopyCount;
        long conversions = mode == RedundancyMode.AccumulateThenRead ? (long)vectors * block.Columns * block.CopyCount : reads;

        // Columns and copies are read in parallel: the slowest column sets the time. An input is converted once and held for its K reads.
        double nanoseconds = _options.SettlingTime.TotalNanoseconds + vectors * (double)repeats.Max() * _options.ReadTimeNanoseconds;
        _joules += reads * (double)block.Rows * _options.EnergyPerMac
            + conversions * _options.EnergyPerAdcConversion
            + ((double)vectors * block.Rows + operand) * block.CopyCount * _options.EnergyPerDacConversion;
        _uptimeNanoseconds += nanoseconds + (_options.Physics is CellPhysics cells ? 1000 * cells.IdleMicroseconds : 0);
        _reads += reads;
        return new ExecuteReply(reads, saturated, TimeSpan.FromMicroseconds(nanoseconds / 1000), checksum);
    }

    private static DeviceException Invalid(string message) => new(DeviceFault.InvalidRequest, message);
}
