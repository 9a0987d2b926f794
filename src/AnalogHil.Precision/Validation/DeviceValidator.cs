using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Validation;

/// <summary>
/// Paired non-inferiority on the device route: every example once, its correctness beside that of the float32 network. Decided at the end
/// and only there; looking in between and stopping on a good moment would spoil the level of the test.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="route">Its route over a device that holds the plan.</param>
/// <param name="device">The device, for its energy.</param>
/// <param name="options">Target and batch.</param>
/// <param name="time">Clock for the remaining time.</param>
public sealed class DeviceValidator(
    INetwork network, DeviceRoute route, IAnalogDevice device, ValidationOptions options, TimeProvider time)
{
    /// <summary>What runs on the device where that is not the network itself: one with digital corrections, of the same weights. Drops count from the
    /// network.</summary>
    /// <value>Default: null, the network itself.</value>
    public INetwork? Deployed { get; init; }

    /// <summary>Validates.</summary>
    /// <param name="certification">Examples that nothing was chosen on.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between and within batches.</param>
    /// <exception cref="PrecisionException">The examples do not fit the network, or it knows them no better than by chance; the device is then not used.</exception>
    public async Task<ValidationRecord> RunAsync(
        LabelledImages certification, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        DataCheck.Fits(network, certification);
        int count = certification.Count;
        bool[] clean = new bool[count];
        int cleanDone = 0;
        bool[] noisy = new bool[count];
        float[] logits = new float[options.Batch * network.Classes];
        var agreement = new ChanceAgreement(network, certification);
        Clean(Math.Min(ChanceAgreement.Telling, count));
        agreement.Require();
        DeviceRouteCounters before = route.Counters;
        double joules = (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).Energy;
        var clock = new PhaseClock(time, PrecisionPhase.Validation, progress);

        for (int first = 0; first < count; first += options.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(options.Batch, count - first);
            ReadOnlyMemory<float> images = certification.Slice(first, batch);
            Memory<float> rows = logits.AsMemory(0, batch * network.Classes);
            Clean(first + batch);
            await (Deployed ?? network).ForwardAsync(images, batch, rows, route, cancellationToken).ConfigureAwait(false);
            Correctness.Judge(rows.Span, certification.Labels.AsSpan(first, batch), noisy.AsSpan(first, batch));
            clock.Report((double)(first + batch) / count, $"{first + batch} of {count} examples on the device", []);
        }

        PairedCounts counts = PairedCounts.Of(clean, noisy);
        double spent = (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).Energy - joules;
        return new ValidationRecord(
            NonInferiority.Decide(counts, options.Target),
            counts,
            count,
            Correctness.Share(clean),
            Correctness.Share(noisy),
            options.Target,
            route.Counters.Since(before),
            spent,
            clock.Elapsed);

        // Of as many examples as are asked for; those that are judged are kept.
        void Clean(int images)
        {
            while (cleanDone < images)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int batch = Math.Min(options.Batch, images - cleanDone);
                Span<float> rows = logits.AsSpan(0, batch * network.Classes);
                network.Forward(certification.Slice(cleanDone, batch).Span, batch, rows);
                ReadOnlySpan<int> labels = certification.Labels.AsSpan(cleanDone, batch);
                Correctness.Judge(rows, labels, clean.AsSpan(cleanDone, batch));
                agreement.Add(rows, labels);
                cleanDone += batch;
            }
        }
    }
}
