using System.Text.Json.Nodes;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Deployments;

/// <summary>A network onto a device step by step, with the calibration of a campaign before it.</summary>
public sealed class DeploymentTests : DeploymentScene
{
    [Fact]
    public async Task StageCommitValidateRollback_AfterACampaign_GoesStepByStepAndBack()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        RpcException closed = await Assert.ThrowsAsync<RpcException>(() => StageAsync(1));
        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(closed.GetRpcStatus()!));
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });

        Deployment low = await StageAsync(1);
        Assert.Equal(64, low.StagedHash.Length);
        Assert.NotEqual(low.StagedHash, low.ActiveHash);
        Assert.All(low.Layers, layer => Assert.Equal(1, layer.Repeats));
        RpcException stale = await Assert.ThrowsAsync<RpcException>(() => CommitAsync(new string('0', 64)));
        Assert.Equal((StatusCode.Aborted, ErrorReason.Stale), (stale.StatusCode, ErrorStatus.ReasonOf(stale.GetRpcStatus()!)));
        Deployment inForce = await CommitAsync(low.StagedHash);
        Assert.Equal((low.StagedHash, ""), (inForce.ActiveHash, inForce.StagedHash));

        Deployment learned = await StageAsync(null);
        Assert.Equal(low.StagedHash, learned.ActiveHash);
        Deployment second = await CommitAsync(learned.StagedHash);
        ValidateResponse found = await ValidateAsync();
        Assert.Equal(second.ActiveHash, found.SettingsHash);
        Assert.Equal(200, found.Drop.N);
        Assert.InRange(found.DeviceAccuracyPercent, 50, 100);
        Assert.NotEqual(Verdict.Reject, found.Verdict);
        Assert.False(found.RolledBack);

        Deployment back = (await Deployments.RollbackAsync(new RollbackRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) })).Deployment;
        Assert.Equal(low.StagedHash, back.ActiveHash);
        Settings read = (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings;
        Assert.Equal(low.StagedHash, read.Etag);
    }

    [Fact]
    public async Task Validate_NothingInForceAndBadFields_IsRefused()
    {
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });

        RpcException empty = await Assert.ThrowsAsync<RpcException>(async () =>
            await Deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) }));
        RpcException relative = await Assert.ThrowsAsync<RpcException>(async () =>
            await Deployments.StageAsync(new StageRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench), Record = "here", UniformRepeats = 0 }));

        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(empty.GetRpcStatus()!));
        Assert.Equal(["record", "uniform_repeats"], ErrorStatus.FieldsOf(relative.GetRpcStatus()!).Select(field => field.Path));
    }

    [Fact]
    public async Task Stage_APlanWithFullScalesAndGains_RunsWithThemAndIsToldApart()
    {
        // A noisy bench, where full scales save energy and are chosen.
        const string Noisy = "broadcast-and-weight";
        RunRequest request = await Daemon.QuickAsync("record", Noisy);
        request.Corrected = true;
        request.MaxDropPoints = 4;
        Operation campaign = await Daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        CampaignRecord record = RecordWriter.Read(Daemon["record"]);
        Assert.NotNull(record.Plan!.FullScales);
        await Devices.ArmAsync(new ArmRequest { Bench = Noisy, Mutation = await Daemon.MutationAsync(Noisy) });

        Deployment plain = (await StagedAsync(asked => asked.UniformRepeats = 4, Noisy)).Deployment;
        Assert.Equal((0, true), (plain.Notes.Count, plain.Programmed));
        Deployment staged = (await StagedAsync(_ => { }, Noisy)).Deployment;
        Assert.True(staged.Programmed);
        Assert.Contains("full scales of its own", Assert.Single(staged.Notes), StringComparison.Ordinal);
        Assert.Equal(record.Plan.Layers.Select(layer => layer.K), staged.Layers.Select(layer => (double)layer.Repeats));
        string settings = (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Noisy, Staged = true })).Settings.Etag;
        Assert.NotEqual(settings, staged.StagedHash);
        Deployment inForce = await CommitAsync(staged.StagedHash, Noisy);
        Assert.Equal((settings, staged.StagedHash, false), (inForce.ActiveHash, inForce.ActivePlanHash, inForce.Programmed));
        ValidateResponse found = await ValidateAsync(asked => asked.MaxImages = AllImages, Noisy);
        Assert.Equal(Verdict.Accept, found.Verdict);

        // The images that the campaign certified on, read once more: two counts of the same share, each with the scatter of its noise.
        Assert.Equal(record.Validation!.AccNoisy, found.DeviceAccuracyPercent, 4.0);

        // Staged again, it is there; with other offsets it is another variant, which ends the one in force.
        Assert.False((await StagedAsync(_ => { }, Noisy)).Deployment.Programmed);
        LiftOffset(Daemon["record"], 1000);
        RpcException kept = await Assert.ThrowsAsync<RpcException>(() => StagedAsync(_ => { }, Noisy));
        Assert.Equal(ErrorReason.PlanDoesNotFit, ErrorStatus.ReasonOf(kept.GetRpcStatus()!));
        Deployment lifted = (await StagedAsync(asked => asked.Reprogram = true, Noisy)).Deployment;
        Assert.NotEqual(staged.StagedHash, lifted.StagedHash);
        Assert.Equal(staged.Layers, lifted.Layers);
        await CommitAsync(lifted.StagedHash, Noisy);

        // Its last offset makes every answer the first class, of which a tenth of the images are.
        ValidateResponse wrong = await ValidateAsync(asked => asked.MaxImages = AllImages, Noisy);
        Assert.Equal(Verdict.Reject, wrong.Verdict);
        Assert.InRange(wrong.DeviceAccuracyPercent, 3, 20);
    }

    [Fact]
    public async Task Stage_TheModelFileChangedAfterTheCampaign_IsRefusedBeforeTheDeviceIsTouched()
    {
        string model = Daemon["net.onnx"];
        File.Copy(TestDaemon.Shipped("models/fashion-lenet.onnx"), model);
        File.Copy(TestDaemon.Shipped("models/fashion-lenet.preprocess.json"), Daemon["net.preprocess.json"]);
        RunRequest request = await Daemon.QuickAsync("record");
        request.Model = model;
        Operation campaign = await Daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });

        // Another producer's name: the same network, in a file that nobody has tried.
        await using (FileStream file = File.Open(model, FileMode.Append))
        {
            file.Write([0x12, 1, (byte)'x']);
        }

        RpcException changed = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null));
        Assert.Equal(ErrorReason.PlanInvalid, ErrorStatus.ReasonOf(changed.GetRpcStatus()!));
        Assert.Contains("the model file changed", changed.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(await OwnChangesAsync());
        Assert.True((await StagedAsync(asked => asked.UniformRepeats = 1)).Deployment.Programmed);
    }

    [Fact]
    public async Task Stage_RepeatsBeyondTheCertificate_IsRefusedBeforeTheDeviceIsTouched()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);

        // The crossbar's noise is white, so that all of its 256 repeats pay; this record says that no more than 16 were seen to.
        int measured = CheckpointStore.Peek<KeptCalibration>(Daemon["record"], CampaignPhase.Calibrate)!.Certificate!.LargestPaying;
        string kept = Path.Combine(Daemon["record"], "checkpoints", "calibrate.json");
        string text = await File.ReadAllTextAsync(kept);
        string limited = text.Replace($"\"LargestPaying\":{measured}", "\"LargestPaying\":16", StringComparison.Ordinal);
        Assert.NotEqual(text, limited);
        await File.WriteAllTextAsync(kept, limited);
        const int pays = 16;
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });

        RpcException beyond = await Assert.ThrowsAsync<RpcException>(() => StageAsync(pays + 1));
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.PlanDoesNotFit), (beyond.StatusCode, ErrorStatus.ReasonOf(beyond.GetRpcStatus()!)));
        Assert.Contains($"K = {pays + 1}", beyond.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(await ChangesAsync(), entry => entry.Actor.StartsWith("uid:", StringComparison.Ordinal));

        Deployment most = await StageAsync(pays);
        await Assert.ThrowsAsync<RpcException>(() => StageAsync(pays + 1));
        Assert.Equal(most.StagedHash, (await CommitAsync(most.StagedHash)).ActiveHash);
        Assert.Equal(["device.program", "settings.commit"], await OwnChangesAsync());
    }

    // Adds to the offset of the first channel of the last layer of a learned plan.
    private static void LiftOffset(string record, double by)
    {
        string file = Path.Combine(record, "checkpoints", "learn.json");
        JsonNode learned = JsonNode.Parse(File.ReadAllText(file))!;
        JsonNode offset = learned["Result"]!["Corrections"]!.AsArray()[^1]!["Offset"]!;
        offset[0] = offset[0]!.GetValue<double>() + by;
        File.WriteAllText(file, learned.ToJsonString());
    }
}
