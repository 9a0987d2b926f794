using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Records;
using AnalogHil.Functional.Tests.Wires;
using AnalogHil.V1;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests;

/// <summary>A whole campaign on a device whose noise is slow: the averaging certificate, not the device, says how large K may be.</summary>
public sealed class SlowNoiseCampaignTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int DeviceRepeats = 256;
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Run_OnABenchOfSlowNoise_PlansNoKBeyondTheCertificateAndSaysSo()
    {
        Directory.CreateDirectory(_daemon["profiles"]);
        File.Copy(TestDaemon.Shipped("config/profiles/pcm-90nm.json"), _daemon["profiles/pcm-90nm.json"]);
        string bench = Path.Combine(_daemon.Benches, "slow.json");
        await File.WriteAllTextAsync(bench, $$"""
            {
              "name": "slow", "description": "two tiles of slow noise", "architecture": "crossbar", "profile": "pcm-90nm", "tier": "cells", "seed": 5,
              "geometry": { "rows": 64, "columns": 64, "tiles": 2 },
              "converters": { "dacBits": 8, "adcBits": 10, "adcFullScale": 8 },
              "columns": { "gainSpread": 0.02, "offsetSpread": 0.05 },
              "redundancy": { "readAndAverage": {{DeviceRepeats}} },
              "physics": { "receiverNoiseNanoamperes": 100, "readNoiseMicrosiemens": 1.4, "programmingErrorMicrosiemens": 0 },
              "cells": { "readNoiseExponent": 0, "flickerShare": 0.9, "flickerFastMicroseconds": 20, "flickerSlowMicroseconds": 2000000, "driftExponent": 0, "driftExponentSpread": 0, "dacInl": 0, "adcInl": 0 }
            }
            """);
        string inputs = _daemon["small"];
        PooledImages.Write(inputs, 1500);
        RunRequest request = _daemon.Quick("campaign", bench);
        (request.Model, request.Data, request.MaxDropPoints, request.SigmaHalfWidthPercent) = (Path.Combine(inputs, "net.onnx"), inputs, 10, 10);
        request.ClearMaxImages();
        var notes = new List<string>();
        CampaignEvent last = await _daemon.WaitForAsync(await _daemon.Campaigns.RunAsync(request), happened =>
        {
            if (happened.Note is { } note)
            {
                notes.Add(note.Message);
            }

            return false;
        });
        Assert.True(last.KindCase == CampaignEvent.KindOneofCase.Result, last.Error?.Message);

        KeptCalibration kept = CheckpointStore.Peek<KeptCalibration>(request.OutputDirectory, CampaignPhase.Calibrate)!;
        CampaignRecord record = RecordWriter.Read(request.OutputDirectory);
        double largest = record.Plan!.Layers.Max(layer => layer.K);
        string law = record.Assumptions.Single(text => text.Contains("The mean of K reads", StringComparison.Ordinal));
        output.WriteLine($"certified up to K = {kept.Certificate!.LargestPaying} of {kept.Certificate.LargestMeasured}; largest K of the plan {largest}; {record.Verdict}: {record.Reason}");
        output.WriteLine(law);
        notes.ForEach(output.WriteLine);
        Assert.Equal(DeviceRepeats, kept.Certificate.LargestMeasured);
        Assert.InRange(kept.Certificate.LargestPaying, 1, DeviceRepeats / 2);
        Assert.InRange(largest, 1, kept.Certificate.LargestPaying);
        Assert.Contains(notes, note => note.Contains($"K is limited to {kept.Certificate.LargestPaying} of the device's {DeviceRepeats}", StringComparison.Ordinal));
        Assert.Contains("correlation from read to read that was measured", law, StringComparison.Ordinal);
        Assert.Contains($"repeats pay up to K = {kept.Certificate.LargestPaying}", law, StringComparison.Ordinal);
        string html = await File.ReadAllTextAsync(Path.Combine(request.OutputDirectory, "report.html"));
        Assert.Contains($"repeats pay up to K = {kept.Certificate.LargestPaying}", html, StringComparison.Ordinal);
    }
}
