using System.Text.Json;
using AnalogHil.Cli;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Whole campaigns on simulated benches, through a real socket.</summary>
public sealed class CampaignTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task HilRun_OnARunningDaemon_PrintsTheRecordAndLeavesIt()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, IsInteractive: false, _daemon.Benches, AppContext.BaseDirectory, TimeProvider.System);
        string directory = _daemon["record"];

        int code = await HilCommand.InvokeAsync(
            [
                "run", "--server", _daemon.SocketPath, "--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000", "--seed", "3",
                "--out", directory, "--json",
            ],
            terminal);

        using JsonDocument report = JsonDocument.Parse(output.ToString());
        JsonElement root = report.RootElement;
        string verdict = root.GetProperty("verdict").GetString()!;
        Assert.Equal(Array.IndexOf(["ACCEPT", "REJECT", "INCONCLUSIVE"], verdict), code);
        Assert.NotEqual("REJECT", verdict);
        Assert.Equal("complete", root.GetProperty("status").GetString());
        Assert.Equal("crossbar", root.GetProperty("bench").GetProperty("architecture").GetString());
        Assert.Equal(4, root.GetProperty("plan").GetProperty("layers").GetArrayLength());
        Assert.Equal(4, root.GetProperty("twin").GetArrayLength());
        Assert.Equal(600, root.GetProperty("validation").GetProperty("m").GetInt32());
        Assert.Equal(3, root.GetProperty("provenance").GetProperty("seed").GetInt32());
        Assert.Equal(
            "3ee120da9264f242ed1b0b559316f2280a3556a4b1881267a5f6656b542f7504",
            root.GetProperty("provenance").GetProperty("model_sha256").GetString());
        Assert.Contains("sigma thermal", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("validate", error.ToString(), StringComparison.Ordinal);

        CampaignRecord kept = RecordWriter.Read(directory);
        Assert.Equal(RecordStatus.Complete, kept.Status);
        Assert.NotEmpty(kept.Provenance.RawFiles);
        Assert.All(kept.Provenance.RawFiles, file => Assert.True(File.Exists(Path.Combine(directory, file.File))));
        Assert.True(File.Exists(Path.Combine(directory, "report.html")));

        output.GetStringBuilder().Clear();
        Assert.Equal(code, await HilCommand.InvokeAsync(["report", directory], terminal));
        Assert.Contains(verdict, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_WhileLearning_LeavesARecordThatGoesOnWhereItWas()
    {
        RunRequest request = _daemon.Quick("stopped");
        _daemon.HoldAt(CampaignPhase.Learn);
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        await _daemon.ReachAsync(operation, CampaignPhase.Learn);
        await _daemon.Campaigns.CancelAsync(new CancelRequest { Name = operation.Name });
        CampaignEvent end = await _daemon.EndAsync(operation);

        Assert.Equal(CampaignEvent.KindOneofCase.Error, end.KindCase);
        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf(end.Error));
        CampaignRecord partial = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal((RecordStatus.Partial, "learn", "CANCELLED"), (partial.Status, partial.Phase, partial.Failure?.Reason));
        Operation ended = await _daemon.Operations.GetOperationAsync(new GetOperationRequest { Name = operation.Name });
        Assert.True(ended.Done);
        Assert.True(ended.Metadata.Unpack<RunMetadata>().CancelRequested);

        Operation resumed = await _daemon.Campaigns.RunAsync(TestDaemon.Again(request));
        List<CampaignEvent> seen = [];
        await _daemon.WaitForAsync(resumed, happened =>
        {
            seen.Add(happened);
            return false;
        });

        Assert.Equal(CampaignEvent.KindOneofCase.Result, seen[^1].KindCase);
        Assert.Contains(seen, happened => happened.Note?.Message.StartsWith("calibrate: taken from the record", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(seen, happened => happened.Progress?.Phase == CampaignPhase.Calibrate);
        CampaignRecord whole = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal(RecordStatus.Complete, whole.Status);
        Assert.Equal(partial.Calibration!.Sigmas.AsEnumerable(), whole.Calibration!.Sigmas);
        Assert.Equal(partial.Provenance.RawFiles.AsEnumerable(), whole.Provenance.RawFiles);
        Assert.Equal((0, 1), (partial.Provenance.Resumptions, whole.Provenance.Resumptions));
        Assert.Equal(partial.Provenance.Started, whole.Provenance.Started);

        RpcException again = await Assert.ThrowsAsync<RpcException>(
            async () => await _daemon.Campaigns.RunAsync(TestDaemon.Again(request)));
        Assert.Equal(ErrorReason.NotResumable, ErrorStatus.ReasonOf(again.GetRpcStatus()!));
        Assert.Contains("is complete", again.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithFullScalesAndCorrection_GoesOnWithThemAfterAStop()
    {
        // A noisy bench, where full scales save energy and are chosen.
        RunRequest request = _daemon.Quick("corrected", "broadcast-and-weight");
        request.Corrected = true;
        request.MaxDropPoints = 4;
        _daemon.HoldAt(CampaignPhase.Twin);
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        await _daemon.ReachAsync(operation, CampaignPhase.Twin);
        await _daemon.Campaigns.CancelAsync(new CancelRequest { Name = operation.Name });
        Assert.Equal(CampaignEvent.KindOneofCase.Error, (await _daemon.EndAsync(operation)).KindCase);
        PlanRecord partial = RecordWriter.Read(request.OutputDirectory).Plan!;
        Assert.NotNull(partial.Correction);
        Assert.Equal(["shares alone", "gains and offsets", "full scales, gains and offsets"], partial.Variants.Select(variant => variant.Name));
        PlanVariantRecord chosen = partial.Variants.Single(variant => variant.Chosen);
        Assert.Equal(partial.Variants.Where(variant => variant.Reachable).Min(variant => variant.JoulesPerImage), chosen.JoulesPerImage);
        Assert.InRange(partial.FullScales!.InputsCut!.Value, 1e-6, 0.2);
        Assert.InRange(partial.FullScales!.WeightsCut, 1e-4, 0.5);
        Assert.InRange(partial.FullScales.WeightMedian, 0.1, 0.99);

        Operation resumed = await _daemon.Campaigns.RunAsync(TestDaemon.Again(request));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(resumed)).KindCase);
        CampaignRecord whole = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal(RecordStatus.Complete, whole.Status);
        Assert.Equal(partial.Layers.Select(layer => layer.K), whole.Plan!.Layers.Select(layer => layer.K));
        Assert.Equal(partial.FullScales, whole.Plan.FullScales);

        // The choice was made by what the record declares in the end, with the layout of the plan.
        Assert.Equal(whole.Energy!.JoulesPerImage!.Value, chosen.JoulesPerImage!.Value, 1e-9 * chosen.JoulesPerImage.Value);

        // Weights, inputs and noise go by the same full scales.
        Assert.All(whole.Twin!, layer => Assert.InRange(layer.VarianceRatio, 0.8, 1.25));
        Assert.NotEqual(Core.Statistics.Verdict.Reject, whole.Verdict);
    }

    [Fact]
    public async Task Run_BenchIsTaken_NamesTheHolderAndWaitsWhenAsked()
    {
        _daemon.HoldAt(CampaignPhase.Learn);
        Operation first = await _daemon.Campaigns.RunAsync(_daemon.Quick("first"));

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _daemon.Campaigns.RunAsync(_daemon.Quick("second")));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal(first.Name, refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Metadata["holder"]);

        RunRequest patient = _daemon.Quick("second");
        patient.WaitForBench = true;
        Operation second = await _daemon.Campaigns.RunAsync(patient);
        CampaignEvent begun = await _daemon.WaitForAsync(second, _ => true);
        Assert.Equal(CampaignPhase.Queued, begun.Progress.Phase);

        await _daemon.ReachAsync(first, CampaignPhase.Learn);
        _daemon.HoldAt(CampaignPhase.Calibrate);
        await _daemon.Campaigns.CancelAsync(new CancelRequest { Name = first.Name });
        await _daemon.ReachAsync(second, CampaignPhase.Calibrate);
        await _daemon.Campaigns.CancelAsync(new CancelRequest { Name = second.Name });
        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf((await _daemon.EndAsync(second)).Error));
    }

    [Fact]
    public async Task StopAsync_WhileACampaignRuns_EndsItFirstAndKeepsItsRecord()
    {
        RunRequest request = _daemon.Quick("stopped");
        _daemon.HoldAt(CampaignPhase.Learn);
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        Task? stopping = null;
        CampaignEvent last = await _daemon.WaitForAsync(operation, happened =>
        {
            // The stream stays open while the daemon stops, and still brings the end of the campaign.
            stopping ??= happened.Progress?.Phase == CampaignPhase.Learn ? _daemon.StopAsync() : null;
            return false;
        });

        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf(last.Error));
        await stopping!;
        CampaignRecord partial = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal((RecordStatus.Partial, "CANCELLED"), (partial.Status, partial.Failure?.Reason));
    }

    [Theory]
    [InlineData("wrongReadCount")]
    [InlineData("lyingReadBack")]
    public async Task Run_DeviceLies_IsADeviceFaultWithAPartialRecord(string fault)
    {
        string text = await File.ReadAllTextAsync(TestDaemon.Shipped("config/benches/crossbar.json"));
        Directory.CreateDirectory(_daemon["profiles"]);
        File.Copy(TestDaemon.Shipped("config/profiles/pcm-90nm.json"), _daemon["profiles/pcm-90nm.json"], overwrite: true);
        string bench = Path.Combine(_daemon.Benches, "liar.json");
        int end = text.LastIndexOf('}');
        await File.WriteAllTextAsync(
            bench, text[..end].TrimEnd() + $$""", "faults": { "seed": 1, "rules": [ { "fault": "{{fault}}", "probability": 1 } ] } }""");
        RunRequest request = _daemon.Quick("liar", bench);

        CampaignEvent last = await _daemon.EndAsync(await _daemon.Campaigns.RunAsync(request));

        Assert.Equal(CampaignEvent.KindOneofCase.Error, last.KindCase);
        Assert.Equal((ErrorReason.DeviceFault, (int)StatusCode.DataLoss), (ErrorStatus.ReasonOf(last.Error), last.Error.Code));
        CampaignRecord partial = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal((RecordStatus.Partial, "DEVICE_FAULT"), (partial.Status, partial.Failure?.Reason));
        Assert.Null(partial.Verdict);
    }
}
