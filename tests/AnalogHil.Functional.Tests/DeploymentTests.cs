using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>A network onto a device step by step, with the calibration of a campaign before it.</summary>
public sealed partial class DeploymentTests : IAsyncLifetime
{
    private const string Bench = "crossbar";

    private TestDaemon _daemon = null!;
    private DeploymentService.DeploymentServiceClient _deployments = null!;
    private DeviceService.DeviceServiceClient _devices = null!;
    private PrecisionService.PrecisionServiceClient _plans = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _deployments = new DeploymentService.DeploymentServiceClient(_daemon.Invoker);
        _devices = new DeviceService.DeviceServiceClient(_daemon.Invoker);
        _plans = new PrecisionService.PrecisionServiceClient(_daemon.Invoker);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task StageCommitValidateRollback_AfterACampaign_GoesStepByStepAndBack()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        RpcException closed = await Assert.ThrowsAsync<RpcException>(() => StageAsync(1));
        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(closed.GetRpcStatus()!));
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

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

        Deployment back = (await _deployments.RollbackAsync(new RollbackRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) })).Deployment;
        Assert.Equal(low.StagedHash, back.ActiveHash);
        Settings read = (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings;
        Assert.Equal(low.StagedHash, read.Etag);
    }

    [Fact]
    public async Task Validate_NothingInForceAndBadFields_IsRefused()
    {
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

        RpcException empty = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) }));
        RpcException relative = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.StageAsync(new StageRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Record = "here", UniformRepeats = 0 }));

        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(empty.GetRpcStatus()!));
        Assert.Equal(["record", "uniform_repeats"], ErrorStatus.FieldsOf(relative.GetRpcStatus()!).Select(field => field.Path));
    }

    [Fact]
    public async Task Stage_AnImportedPlanWithCopiesInSpace_LaysThemOutAndIsTriedOnTheDevice()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        Deployment plain = await StageAsync(2);
        PlanFile learned = await LearnedAsync();
        int k = learned.Layers[0].Repeats!.Value[0];
        Assert.InRange(k, 1, 4);

        // Twice the repeats for the first layer, as copies in space; hashed anew, for it is another plan.
        PlanFile mixed = WithCopies(learned, 0, 2 * k);
        ImportPlanResponse imported = await ImportAsync(PlanFileJson.Serialize(mixed));
        Assert.False(imported.AlreadyThere);
        Assert.True((await ImportAsync(PlanFileJson.Serialize(mixed))).AlreadyThere);

        StageResponse reply = await StagedAsync(request => request.PlanName = imported.Plan.Name);
        Deployment staged = reply.Deployment;
        Assert.True(staged.Programmed);
        Assert.Equal(2, staged.Notes.Count);
        Assert.Contains("by name and size alone", staged.Notes[0], StringComparison.Ordinal);
        Assert.Contains("copies in space", staged.Notes[1], StringComparison.Ordinal);
        Assert.Equal(["spatial-copies", "read-and-average", "read-and-average", "read-and-average"], staged.Layers.Select(layer => layer.Mode));
        Assert.Equal(2 * k, staged.Layers[0].Repeats);
        string settings = (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench, Staged = true })).Settings.Etag;
        Assert.NotEqual(settings, staged.StagedHash);
        await Assert.ThrowsAsync<RpcException>(() => CommitAsync(settings));
        Deployment inForce = await CommitAsync(staged.StagedHash);
        Assert.Equal((settings, staged.StagedHash, false), (inForce.ActiveHash, inForce.ActivePlanHash, inForce.Programmed));
        ValidateResponse found = await ValidateAsync();
        Assert.Equal((settings, Verdict.Accept), (found.SettingsHash, found.Verdict));
        Assert.Equal(staged.Layers, found.Layers);

        // Without the copies it is another program, which ends the plan in force: only with leave.
        RpcException kept = await Assert.ThrowsAsync<RpcException>(() => StageAsync(2));
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.PlanDoesNotFit), (kept.StatusCode, ErrorStatus.ReasonOf(kept.GetRpcStatus()!)));
        Assert.Contains(staged.StagedHash, kept.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(["device.program", "settings.commit"], (await OwnChangesAsync())[^2..]);
        StageResponse again = await StagedAsync(request => (request.UniformRepeats, request.Reprogram) = (2, true));
        Assert.True(again.Deployment.Programmed);
        await CommitAsync(again.Deployment.StagedHash);
        Assert.Equal(["device.program", "settings.commit", "device.program", "settings.commit"], (await OwnChangesAsync())[^4..]);
        Assert.Equal(plain.StagedHash, (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        Assert.False((await StagedAsync(request => request.UniformRepeats = 3)).Deployment.Programmed);

        // Settings that came another way are in force too, and no longer those of the plan.
        GetSettingsResponse now = await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench });
        Settings other = now.Settings.Clone();
        other.Blocks.First().Value.Repeats[0]++;
        await _devices.UpdateSettingsAsync(new UpdateSettingsRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Settings = other });
        RpcException stale = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), MaxDropPoints = 20 }));
        Assert.Equal(ErrorReason.Stale, ErrorStatus.ReasonOf(stale.GetRpcStatus()!));
    }

    [Fact]
    public async Task Stage_CopiesInTilesThatWereNotCalibrated_IsRefusedBeforeTheDeviceIsTouched()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        PlanFile learned = await LearnedAsync();
        int largest = Enumerable.Range(0, learned.Layers.Length).MaxBy(layer => learned.Layers[layer].DotLength * learned.Layers[layer].Channels);
        string name = (await ImportAsync(PlanFileJson.Serialize(WithCopies(learned, largest, 8)))).Plan.Name;

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null, name));
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.PlanDoesNotFit), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
        Assert.Contains("did not calibrate", refused.Status.Detail, StringComparison.Ordinal);

        // A record of an earlier version does not say which tiles: those of its own network then.
        string kept = Path.Combine(_daemon["record"], "checkpoints", "calibrate.json");
        string text = await File.ReadAllTextAsync(kept);
        string older = TilesMember().Replace(text, "");
        Assert.NotEqual(text, older);
        await File.WriteAllTextAsync(kept, older);
        RpcException same = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null, name));
        Assert.Equal(refused.Status.Detail, same.Status.Detail);
        Assert.Empty(await OwnChangesAsync());
    }

    [Fact]
    public async Task Stage_APlanOfAnotherDevice_SaysSo()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        PlanFile learned = await LearnedAsync();
        string images = Assert.Single((await StageAsync(null, (await ImportAsync(PlanFileJson.Serialize(learned))).Plan.Name)).Notes);
        Assert.Contains("by name and size alone", images, StringComparison.Ordinal);
        PlanFile foreign = learned with { Sha256 = null, Noise = learned.Noise with { Device = "XB-OTHER" } };
        string[] notes = [.. (await StageAsync(null, (await ImportAsync(PlanFileJson.Serialize(foreign))).Plan.Name)).Notes];
        Assert.Equal([images], notes[1..]);
        Assert.Contains("XB-OTHER", notes[0], StringComparison.Ordinal);
        Assert.Contains(learned.Noise.Device!, notes[0], StringComparison.Ordinal);

        PlanFile unlike = learned with { Sha256 = null, Data = learned.Data with { Name = "others" } };
        Assert.Contains("others", Assert.Single((await StageAsync(null, (await ImportAsync(PlanFileJson.Serialize(unlike))).Plan.Name)).Notes), StringComparison.Ordinal);

        // A law says nothing of copies in space; the device repeats in time as it does.
        PlanFile ofLaw = foreign with { Noise = new PlanNoise(PlanNoise.OfLaw, "thermal:0.01", [], null, null, null, PlanNoise.Reads) };
        Deployment staged = await StageAsync(null, (await ImportAsync(PlanFileJson.Serialize(ofLaw))).Plan.Name);
        Assert.Contains("thermal:0.01", staged.Notes[0], StringComparison.Ordinal);
        Assert.Equal([images], staged.Notes.Skip(1));
        string copies = (await ImportAsync(PlanFileJson.Serialize(WithCopies(ofLaw, 0, 2)))).Plan.Name;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null, copies));
        Assert.Equal(ErrorReason.PlanInvalid, ErrorStatus.ReasonOf(refused.GetRpcStatus()!));
    }

    [Fact]
    public async Task Stage_APlanWithFullScalesAndGains_RunsWithThemAndIsToldApart()
    {
        // A noisy bench, where full scales save energy and are chosen.
        const string Noisy = "broadcast-and-weight";
        RunRequest request = await _daemon.QuickAsync("record", Noisy);
        request.Corrected = true;
        request.MaxDropPoints = 4;
        Operation campaign = await _daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        CampaignRecord record = RecordWriter.Read(_daemon["record"]);
        Assert.NotNull(record.Plan!.FullScales);
        await _devices.ArmAsync(new ArmRequest { Bench = Noisy, Mutation = await _daemon.MutationAsync(Noisy) });

        Deployment plain = (await StagedAsync(asked => asked.UniformRepeats = 4, Noisy)).Deployment;
        Assert.Equal((0, true), (plain.Notes.Count, plain.Programmed));
        Deployment staged = (await StagedAsync(_ => { }, Noisy)).Deployment;
        Assert.True(staged.Programmed);
        Assert.Contains("full scales of its own", Assert.Single(staged.Notes), StringComparison.Ordinal);
        Assert.Equal(record.Plan.Layers.Select(layer => layer.K), staged.Layers.Select(layer => (double)layer.Repeats));
        string settings = (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Noisy, Staged = true })).Settings.Etag;
        Assert.NotEqual(settings, staged.StagedHash);
        Deployment inForce = await CommitAsync(staged.StagedHash, Noisy);
        Assert.Equal((settings, staged.StagedHash, false), (inForce.ActiveHash, inForce.ActivePlanHash, inForce.Programmed));
        ValidateResponse found = await ValidateAsync(asked => asked.MaxImages = AllImages, Noisy);
        Assert.Equal(Verdict.Accept, found.Verdict);

        // The images that the campaign certified on, read once more: two counts of the same share, each with the scatter of its noise.
        Assert.Equal(record.Validation!.AccNoisy, found.DeviceAccuracyPercent, 4.0);

        // Staged again, it is there; with other offsets it is another variant, which ends the one in force.
        Assert.False((await StagedAsync(_ => { }, Noisy)).Deployment.Programmed);
        LiftOffset(_daemon["record"], 1000);
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
        string model = _daemon["net.onnx"];
        File.Copy(TestDaemon.Shipped("models/fashion-lenet.onnx"), model);
        File.Copy(TestDaemon.Shipped("models/fashion-lenet.preprocess.json"), _daemon["net.preprocess.json"]);
        RunRequest request = await _daemon.QuickAsync("record");
        request.Model = model;
        Operation campaign = await _daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

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
    public async Task ImportPlan_OfEveryKind_IsKeptAsItCameUnderItsHash()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        PlanFile learned = await LearnedAsync();

        // As an earlier version wrote it: without a member, with the hash of that text.
        string text = PlanFileJson.Serialize(WithCopies(learned, 0, 3));
        string zeros = new('0', 64);
        string older = ConverterMember().Replace(text, "").Replace(HashOf(text), zeros, StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(older)));
        older = older.Replace(zeros, hash, StringComparison.Ordinal);
        Assert.DoesNotContain("converter_joules", older, StringComparison.Ordinal);
        ImportPlanResponse imported = await ImportAsync(older);
        Assert.Equal(("plans/" + hash, false), (imported.Plan.Name, imported.AlreadyThere));
        Assert.Equal(older, (await _plans.GetPlanAsync(new GetPlanRequest { Name = imported.Plan.Name })).Plan.FileJson);

        // Without its hash it gets one, once.
        string hashed = PlanFileJson.Serialize(WithCopies(learned, 0, 4));
        string bare = hashed.Replace($"\"{HashOf(hashed)}\"", "null", StringComparison.Ordinal);
        ImportPlanResponse first = await ImportAsync(bare);
        ImportPlanResponse second = await ImportAsync(bare);
        Assert.Equal((false, true, first.Plan.Name, first.Plan.Created), (first.AlreadyThere, second.AlreadyThere, second.Plan.Name, second.Plan.Created));
    }

    [Fact]
    public async Task Stage_AnImportedPlanThatSettingsDoNotHold_IsRefused()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        PlanFile learned = await LearnedAsync();
        PlanLayer first = learned.Layers[0];
        var gains = new PlanDigital([.. Enumerable.Repeat(1.5, first.Channels)], [.. Enumerable.Repeat(0.0, first.Channels)], null);
        PlanFile corrected = learned with { Sha256 = null, Layers = learned.Layers.SetItem(0, first with { Digital = gains }) };
        string name = (await ImportAsync(PlanFileJson.Serialize(corrected))).Plan.Name;

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null, name));
        Assert.Equal((StatusCode.InvalidArgument, ErrorReason.PlanInvalid), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
        Assert.Contains("digital gains and offsets", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(await OwnChangesAsync());

        string text = PlanFileJson.Serialize(learned).Replace("\"sha256\": \"", "\"sha256\": \"0", StringComparison.Ordinal);
        RpcException broken = await Assert.ThrowsAsync<RpcException>(() => ImportAsync(text));
        Assert.Equal("file_json", Assert.Single(ErrorStatus.FieldsOf(broken.GetRpcStatus()!)).Path);
        RpcException missing = await Assert.ThrowsAsync<RpcException>(() => ImportAsync(""));
        Assert.Equal("file_json", Assert.Single(ErrorStatus.FieldsOf(missing.GetRpcStatus()!)).Path);
    }

    [Fact]
    public async Task Stage_RepeatsBeyondTheCertificate_IsRefusedBeforeTheDeviceIsTouched()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);

        // The crossbar's noise is white, so that all of its 256 repeats pay; this record says that no more than 16 were seen to.
        int measured = CheckpointStore.Peek<KeptCalibration>(_daemon["record"], CampaignPhase.Calibrate)!.Certificate!.LargestPaying;
        string kept = Path.Combine(_daemon["record"], "checkpoints", "calibrate.json");
        string text = await File.ReadAllTextAsync(kept);
        string limited = text.Replace($"\"LargestPaying\":{measured}", "\"LargestPaying\":16", StringComparison.Ordinal);
        Assert.NotEqual(text, limited);
        await File.WriteAllTextAsync(kept, limited);
        const int pays = 16;
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

        RpcException beyond = await Assert.ThrowsAsync<RpcException>(() => StageAsync(pays + 1));
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.PlanDoesNotFit), (beyond.StatusCode, ErrorStatus.ReasonOf(beyond.GetRpcStatus()!)));
        Assert.Contains($"K = {pays + 1}", beyond.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(await ChangesAsync(), entry => entry.Actor.StartsWith("uid:", StringComparison.Ordinal));

        Deployment most = await StageAsync(pays);
        await Assert.ThrowsAsync<RpcException>(() => StageAsync(pays + 1));
        Assert.Equal(most.StagedHash, (await CommitAsync(most.StagedHash)).ActiveHash);
        Assert.Equal(["device.program", "settings.commit"], await OwnChangesAsync());
    }

    [Fact]
    public async Task Validate_RejectedPlanThatMayBeRolledBack_PutsThePlanBeforeInForceAgain()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        string good = (await CommitAsync((await StageAsync(null)).StagedHash)).ActiveHash;
        string bad = (await CommitAsync((await StageAsync(1)).StagedHash)).ActiveHash;

        ValidateResponse kept = await ValidateAsync(request => (request.MaxDropPoints, request.MaxImages) = (RejectedDrop, AllImages));
        Assert.Equal((Verdict.Reject, false), (kept.Verdict, kept.RolledBack));
        Assert.Equal(bad, (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        ValidateResponse rejected = await ValidateAsync(request =>
            (request.MaxDropPoints, request.MaxImages, request.RollbackOnReject) = (RejectedDrop, AllImages, true));

        Assert.Equal((Verdict.Reject, true, bad), (rejected.Verdict, rejected.RolledBack, rejected.SettingsHash));
        Assert.Equal(good, (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        Assert.Contains("settings.roll-back", (await ChangesAsync())[^1].Detail, StringComparison.Ordinal);
        ValidateResponse again = await ValidateAsync(request => request.RollbackOnReject = true);
        Assert.Equal((good, false), (again.SettingsHash, again.RolledBack));
        Assert.NotEqual(Verdict.Reject, again.Verdict);
    }

    [Fact]
    public async Task Validate_TheImagesOfTheRecordUnderAnotherName_TakesThoseThatNothingWasChosenOn()
    {
        string data = TestDaemon.Shipped("data/fashion-mnist");
        RunRequest request = await _daemon.QuickAsync("record");
        request.Data = data + "/";
        Operation campaign = await _daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        await CommitAsync((await StageAsync(null)).StagedHash);
        string linked = Directory.CreateSymbolicLink(_daemon["linked"], data).FullName;
        string copied = Directory.CreateDirectory(_daemon["copied"]).FullName;
        foreach (string file in Directory.EnumerateFiles(data))
        {
            File.Copy(file, Path.Combine(copied, Path.GetFileName(file)));
        }

        // On 400 of the campaign's 1000 images the plan was chosen.
        foreach (string name in new[] { data, linked + "/", copied })
        {
            Assert.Equal(600, (await ValidateAsync(asked => (asked.Data, asked.MaxImages) = (name, AllImages))).Drop.N);
        }
    }

    [Fact]
    public async Task Validate_WhileItRuns_ChangesAndAnotherAreRefusedAtOnceAndMakingSafeIsNot()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        await CommitAsync((await StageAsync(4)).StagedHash);

        // On all ten thousand images, which takes longer than the calls meanwhile.
        Operation running = await _deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
        RpcException rollback = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.RollbackAsync(new RollbackRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) }));
        RpcException another = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) }));
        foreach (RpcException refused in new[] { rollback, another })
        {
            Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.BenchBusy), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
            Assert.Contains($"hil campaign cancel {running.Name}", refused.Status.Detail, StringComparison.Ordinal);
        }

        EnterSafeStateResponse safe = await _devices.EnterSafeStateAsync(new EnterSafeStateRequest { Bench = Bench, Reason = "smoke" });
        Assert.Equal(DriveState.Safe, Assert.Single(safe.Devices).State);
        Operation end = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = running.Name });
        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(end.Error));

        // The turn was given back with its end.
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });
    }

    // Percentage points. One read a product costs more than this on the crossbar, seen on as many images as the validation uses.
    private const double RejectedDrop = 0.05;
    private const int AllImages = 1000;

    private async Task<IReadOnlyList<AuditRecord>> ChangesAsync() =>
    [
        .. (await new AuditService.AuditServiceClient(_daemon.Invoker).ListAuditEntriesAsync(new ListAuditEntriesRequest { PageSize = 200 })).Entries
            .Where(entry => entry.Action.StartsWith("intent.", StringComparison.Ordinal)),
    ];

    // What clients had done to the device.
    private async Task<string[]> OwnChangesAsync() =>
        [.. (await ChangesAsync()).Where(entry => entry.Actor.StartsWith("uid:", StringComparison.Ordinal)).Select(entry => entry.Detail.Split(", ")[1])];

    // Another number of repeats for a layer, as copies in space; without a hash, for it is another plan.
    private static PlanFile WithCopies(PlanFile plan, int layer, int copies)
    {
        PlanFile mixed = plan with
        {
            Sha256 = null, Layers = plan.Layers.SetItem(layer, plan.Layers[layer] with { Mode = "spatial-copies", Repeats = [copies], Energy = [copies] }),
        };
        double spent = mixed.Layers.Sum(each => each.MeanEnergy() * each.Macs * each.Passes) / mixed.Layers.Sum(each => (double)each.Macs * each.Passes);
        return mixed with { Energy = mixed.Energy with { PerMac = spent } };
    }

    [GeneratedRegex(",\"Tiles\":\\[[^\\]]*\\]")]
    private static partial Regex TilesMember();

    [GeneratedRegex(",\\s*\"converter_joules\": [^\\s,}]*")]
    private static partial Regex ConverterMember();

    private static string HashOf(string plan) => PlanFileJson.Deserialize(plan, "it").Sha256!;

    // Adds to the offset of the first channel of the last layer of a learned plan.
    private static void LiftOffset(string record, double by)
    {
        string file = Path.Combine(record, "checkpoints", "learn.json");
        JsonNode learned = JsonNode.Parse(File.ReadAllText(file))!;
        JsonNode offset = learned["Result"]!["Corrections"]!.AsArray()[^1]!["Offset"]!;
        offset[0] = offset[0]!.GetValue<double>() + by;
        File.WriteAllText(file, learned.ToJsonString());
    }

    private async Task<StageResponse> StagedAsync(Action<StageRequest> with, string bench = Bench)
    {
        var request = new StageRequest { Bench = bench, Mutation = await _daemon.MutationAsync(bench), Record = _daemon["record"] };
        with(request);
        return await _deployments.StageAsync(request);
    }

    private async Task<PlanFile> LearnedAsync()
    {
        Operation learning = await _plans.LearnAsync(new LearnRequest
        {
            Mutation = TestDaemon.NewRequest(), Record = _daemon["record"], Method = LearnMethod.UniformInteger, MaxDropPoints = 10, MaxImages = 300,
        });
        Operation end = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = learning.Name });
        Assert.True(end.Error is null, end.Error?.Message);
        return PlanFileJson.Deserialize(end.Response.Unpack<LearnResponse>().Plan.FileJson, "the reply");
    }

    private async Task<ImportPlanResponse> ImportAsync(string text) =>
        await _plans.ImportPlanAsync(new ImportPlanRequest { Mutation = TestDaemon.NewRequest(), FileJson = text });

    private async Task<Deployment> StageAsync(int? repeats, string? plan = null)
    {
        var request = new StageRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Record = _daemon["record"] };
        if (repeats is { } uniform)
        {
            request.UniformRepeats = uniform;
        }
        else if (plan is not null)
        {
            request.PlanName = plan;
        }

        return (await _deployments.StageAsync(request)).Deployment;
    }

    private async Task<Deployment> CommitAsync(string hash, string bench = Bench) =>
        (await _deployments.CommitAsync(new CommitRequest { Bench = bench, Mutation = await _daemon.MutationAsync(bench), ExpectedHash = hash })).Deployment;

    private async Task<ValidateResponse> ValidateAsync(Action<ValidateRequest>? with = null, string bench = Bench)
    {
        var request = new ValidateRequest { Bench = bench, Mutation = await _daemon.MutationAsync(bench), MaxDropPoints = 20, MaxImages = 200 };
        with?.Invoke(request);
        Operation operation = await _deployments.ValidateAsync(request);
        operation = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = operation.Name });
        Assert.Equal("validate", operation.Metadata.Unpack<OperationMetadata>().Kind);
        Assert.True(operation.Error is null, operation.Error?.Message);
        return operation.Response.Unpack<ValidateResponse>();
    }
}
