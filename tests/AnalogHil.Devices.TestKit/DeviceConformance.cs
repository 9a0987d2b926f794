using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

/// <summary>
/// What every driver must do, whatever is behind it. Inherit it, open a device, and it is judged; nothing here knows noise figures
/// or geometry beyond the declared capabilities.
/// </summary>
public abstract partial class DeviceConformance
{
    private const int Rows = 6;
    private const int Columns = 4;

    /// <summary>A freshly opened device, not armed, with at least two tiles of 16 x 16.</summary>
    protected abstract ValueTask<IAnalogDevice> OpenAsync();

    private static BlockProgram Block(int number, Placement at = default, float weight = 0.5f)
    {
        float[] weights = new float[Rows * Columns];
        Array.Fill(weights, weight);
        return new BlockProgram(number, Rows, Columns, weights, [at]);
    }

    private static RedundancyMode TimeMode(IAnalogDevice device) =>
        device.Capabilities.MaxRepeats.Keys.Where(mode => mode != RedundancyMode.SpatialCopies).Order().First();

    private static RedundancySettings Repeat(IAnalogDevice device, int block, int repeats) =>
        new([new BlockRedundancy(block, TimeMode(device), [repeats])]);

    private static async Task CommitAsync(IAnalogDevice device, RedundancySettings settings)
    {
        await device.StageAsync(settings, default);
        await device.CommitAsync(settings.Hash(), default);
    }

    private static async Task<(float[] Outputs, ExecuteReply Reply)> ExecuteAsync(IAnalogDevice device, int block, int vectors)
    {
        float[] inputs = new float[vectors * Rows];
        Array.Fill(inputs, 0.25f);
        float[] outputs = new float[vectors * Columns];
        return (outputs, await device.ExecuteAsync(new ExecuteRequest(block, vectors, inputs, outputs), default));
    }

    private static async Task RefusedAsync(DeviceFault fault, Func<Task> call)
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(call);
        Assert.Equal(fault, error.Fault);
        Assert.NotEmpty(error.Message);
    }

    private async Task<IAnalogDevice> ArmedAsync(params BlockProgram[] blocks)
    {
        IAnalogDevice device = await OpenAsync();
        await device.ArmAsync(1, default);
        await device.ProgramAsync(blocks, default);
        return device;
    }
}
