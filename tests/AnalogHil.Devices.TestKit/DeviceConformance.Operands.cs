using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

// Products whose second operand comes with the call.
public abstract partial class DeviceConformance
{
    [ConformanceFact]
    public async Task ExecuteAsync_WithAnOperand_MultipliesByItInThisCallOnlyOrRefuses()
    {
        const int vectors = 64;
        await using IAnalogDevice device = await ArmedAsync(Block(0), Block(3, at: new Placement(1, 4, 4)));
        if (!device.Capabilities.MultipliesActivations)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await MultiplyAsync(device, vectors, Operand(-0.5f)));
            Assert.Equal(vectors * Columns, (await ExecuteAsync(device, 3, vectors)).Reply.Reads);
            return;
        }

        await CommitAsync(device, Repeat(device, 3, 2));
        (float[] negative, ExecuteReply reply) = await MultiplyAsync(device, vectors, Operand(-0.5f));
        (float[] positive, _) = await MultiplyAsync(device, vectors, Operand(0.5f));
        (float[] own, _) = await ExecuteAsync(device, 3, vectors);
        Assert.Equal(2 * vectors * Columns, reply.Reads);
        Assert.Equal(ReplyChecksum.Of(negative), reply.Checksum);

        // Six products of a quarter and a half: the two differ by 1.5, whatever the offsets of the columns. A device whose mean over 512 reads is
        // off by half of that multiplies nothing.
        Assert.True(positive.Average() - negative.Average() > 0.75);
        Assert.True(own.Average() - negative.Average() > 0.75);
    }

    [ConformanceFact]
    public async Task ExecuteAsync_WithABadOperand_IsRefused()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0), Block(3, at: new Placement(1, 4, 4)));
        float[][] bad = [Operand(1.01f), Operand(-1.01f), Operand(float.NaN), [.. Operand(0).Skip(1)], [.. Operand(0), 0]];
        foreach (float[] operand in bad)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await MultiplyAsync(device, 1, operand));
        }
    }

    private static float[] Operand(float value) => [.. Enumerable.Repeat(value, Rows * Columns)];

    private static async Task<(float[] Outputs, ExecuteReply Reply)> MultiplyAsync(IAnalogDevice device, int vectors, float[] operand)
    {
        float[] inputs = [.. Enumerable.Repeat(0.25f, vectors * Rows)];
        float[] outputs = new float[vectors * Columns];
        return (outputs, await device.ExecuteAsync(new ExecuteRequest(3, vectors, inputs, outputs) { Operand = operand }, default));
    }
}
