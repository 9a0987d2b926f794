using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AnalogHil.Daemon.Errors;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Deployments;

/// <summary>Plans that were learned elsewhere: what is kept, what a device takes, and what it refuses.</summary>
public sealed partial class ImportedPlanTests : DeploymentScene
{
    [Fact]
    public async Task Stage_AnImportedPlanWithCopiesInSpace_LaysThemOutAndIsTriedOnTheDevice()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
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
        string settings = (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench, Staged = true })).Settings.Etag;
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
        Assert.Equal(plain.StagedHash, (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        Assert.False((await StagedAsync(request => request.UniformRepeats = 3)).Deployment.Programmed);

        // Settings that came another way are in force too, and no longer those of the plan.
        GetSettingsResponse now = await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench });
        Settings other = now.Settings.Clone();
        other.Blocks.First().Value.Repeats[0]++;
        await Devices.UpdateSettingsAsync(new UpdateSettingsRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench), Settings = other });
        RpcException stale = await Assert.ThrowsAsync<RpcException>(async () =>
            await Deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench), MaxDropPoints = 20 }));
        Assert.Equal(ErrorReason.Stale, ErrorStatus.ReasonOf(stale.GetRpcStatus()!));
    }

    [Fact]
    public async Task Stage_CopiesInTilesThatWereNotCalibrated_IsRefusedBeforeTheDeviceIsTouched()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
        PlanFile learned = await LearnedAsync();
        int largest = Enumerable.Range(0, learned.Layers.Length).MaxBy(layer => learned.Layers[layer].DotLength * learned.Layers[layer].Channels);
        string name = (await ImportAsync(PlanFileJson.Serialize(WithCopies(learned, largest, 8)))).Plan.Name;

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => StageAsync(null, name));
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.PlanDoesNotFit), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
        Assert.Contains("did not calibrate", refused.Status.Detail, StringComparison.Ordinal);

        // A record of an earlier version does not say which tiles: those of its own network then.
        string kept = Path.Combine(Daemon["record"], "checkpoints", "calibrate.json");
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
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
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
    public async Task ImportPlan_OfEveryKind_IsKeptAsItCameUnderItsHash()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
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
        Assert.Equal(older, (await Plans.GetPlanAsync(new GetPlanRequest { Name = imported.Plan.Name })).Plan.FileJson);

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
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
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

    private async Task<PlanFile> LearnedAsync()
    {
        Operation learning = await Plans.LearnAsync(new LearnRequest
        {
            Mutation = TestDaemon.NewRequest(), Record = Daemon["record"], Method = LearnMethod.UniformInteger, MaxDropPoints = 10, MaxImages = 300,
        });
        Operation end = await Daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = learning.Name });
        Assert.True(end.Error is null, end.Error?.Message);
        return PlanFileJson.Deserialize(end.Response.Unpack<LearnResponse>().Plan.FileJson, "the reply");
    }

    private async Task<ImportPlanResponse> ImportAsync(string text) =>
        await Plans.ImportPlanAsync(new ImportPlanRequest { Mutation = TestDaemon.NewRequest(), FileJson = text });
}
