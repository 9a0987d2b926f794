using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ExecuteRequest = AnalogHil.Devices.Contract.ExecuteRequest;

namespace AnalogHil.Daemon.Sessions;

/// <summary>Drives the programmed blocks of a session with batches from the wire.</summary>
internal static class BatchRunner
{
    /// <summary>Checks a batch against what is programmed.</summary>
    /// <param name="session">The session.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="field">Its place in the request, e.g. "batches[2]".</param>
    /// <param name="checks">Where what is wrong goes.</param>
    /// <returns>Outputs that it will give; 0 when it is not good.</returns>
    public static long Check(DeviceSession session, Batch batch, string field, FieldChecks checks)
    {
        DeviceCapabilities can = session.Device.Capabilities;
        if (!session.Blocks.TryGetValue(batch.Block, out MatrixSize size))
        {
            string known = session.Blocks.Count == 0 ? "none" : $"{session.Blocks.Keys.Min()} .. {session.Blocks.Keys.Max()}, {session.Blocks.Count} in all";
            checks.Add(field + ".block", $"is {batch.Block}, programmed are {known}; program it first, or stage a network");
            return 0;
        }

        bool good = checks.Require(
            batch.Vectors >= 1 && batch.Vectors <= can.MaxVectors,
            field + ".vectors",
            $"is {batch.Vectors}, the device takes 1 to {can.MaxVectors} in a batch");
        good &= good && checks.Require(
            batch.Inputs.Count == (long)batch.Vectors * size.Rows,
            field + ".inputs", $"has {batch.Inputs.Count} values, {batch.Vectors} vectors x {size.Rows} rows are needed");
        good &= checks.Require(
            batch.Operand.Count == 0 || (can.MultipliesActivations && batch.Operand.Count == size.Rows * size.Columns),
            field + ".operand",
            can.MultipliesActivations
                ? $"has {batch.Operand.Count} values, {size.Rows} x {size.Columns} are needed"
                : "is given, and this device multiplies by its programmed weights only; leave it out");
        double low = can.SignedInputs ? -1 : 0;
        good &= InRange(batch.Inputs, low, field + ".inputs", checks) & InRange(batch.Operand, -1, field + ".operand", checks);
        return good ? (long)batch.Vectors * size.Columns : 0;
    }

    /// <summary>Drives a checked batch.</summary>
    public static async Task<BatchResult> RunAsync(DeviceSession session, Batch batch, CancellationToken cancellationToken)
    {
        // The device checks again: the session may have been programmed anew since the check.
        int columns = session.Blocks.TryGetValue(batch.Block, out MatrixSize size)
            ? size.Columns
            : throw new DeviceException(DeviceFault.InvalidRequest, $"block {batch.Block} is not programmed any more; program it again");
        float[] outputs = new float[batch.Vectors * columns];
        var request = new ExecuteRequest(batch.Block, batch.Vectors, batch.Inputs.ToArray(), outputs) { Operand = batch.Operand.ToArray() };
        ExecuteReply reply = await session.Device.ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
        return new BatchResult
        {
            Outputs = { outputs },
            Reads = reply.Reads,
            SaturatedReads = reply.SaturatedReads,
            DeviceTime = Duration.FromTimeSpan(reply.DeviceTime),
            Checksum = reply.Checksum,
        };
    }

    private static bool InRange(RepeatedField<float> values, double low, string field, FieldChecks checks)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!(values[i] >= low && values[i] <= 1))
            {
                checks.Add(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"),
                    string.Create(CultureInfo.InvariantCulture, $"is {values[i]}, must lie in [{low}, 1], full-scale units"));
                return false;
            }
        }

        return true;
    }
}
