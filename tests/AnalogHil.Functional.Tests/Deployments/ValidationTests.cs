using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Deployments;

/// <summary>What is in force, tried on the device: on which images, with which end, and what waits meanwhile.</summary>
public sealed class ValidationTests : DeploymentScene
{
    [Fact]
    public async Task Validate_RejectedPlanThatMayBeRolledBack_PutsThePlanBeforeInForceAgain()
    {
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
        string good = (await CommitAsync((await StageAsync(null)).StagedHash)).ActiveHash;
        string bad = (await CommitAsync((await StageAsync(1)).StagedHash)).ActiveHash;

        ValidateResponse kept = await ValidateAsync(request => (request.MaxDropPoints, request.MaxImages) = (RejectedDrop, AllImages));
        Assert.Equal((Verdict.Reject, false), (kept.Verdict, kept.RolledBack));
        Assert.Equal(bad, (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        ValidateResponse rejected = await ValidateAsync(request =>
            (request.MaxDropPoints, request.MaxImages, request.RollbackOnReject) = (RejectedDrop, AllImages, true));

        Assert.Equal((Verdict.Reject, true, bad), (rejected.Verdict, rejected.RolledBack, rejected.SettingsHash));
        Assert.Equal(good, (await Devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings.Etag);
        Assert.Contains("settings.roll-back", (await ChangesAsync())[^1].Detail, StringComparison.Ordinal);
        ValidateResponse again = await ValidateAsync(request => request.RollbackOnReject = true);
        Assert.Equal((good, false), (again.SettingsHash, again.RolledBack));
        Assert.NotEqual(Verdict.Reject, again.Verdict);
    }

    [Fact]
    public async Task Validate_TheImagesOfTheRecordUnderAnotherName_TakesThoseThatNothingWasChosenOn()
    {
        string data = TestDaemon.Shipped("data/fashion-mnist");
        RunRequest request = await Daemon.QuickAsync("record");
        request.Data = data + "/";
        Operation campaign = await Daemon.Campaigns.RunAsync(request);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
        await CommitAsync((await StageAsync(null)).StagedHash);
        string linked = Directory.CreateSymbolicLink(Daemon["linked"], data).FullName;
        string copied = Directory.CreateDirectory(Daemon["copied"]).FullName;
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
        Operation campaign = await Daemon.Campaigns.RunAsync(await Daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await Daemon.EndAsync(campaign)).KindCase);
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
        await CommitAsync((await StageAsync(4)).StagedHash);

        // On all ten thousand images, which takes longer than the calls meanwhile.
        Operation running = await Deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
        RpcException rollback = await Assert.ThrowsAsync<RpcException>(async () =>
            await Deployments.RollbackAsync(new RollbackRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) }));
        RpcException another = await Assert.ThrowsAsync<RpcException>(async () =>
            await Deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) }));
        foreach (RpcException refused in new[] { rollback, another })
        {
            Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.BenchBusy), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
            Assert.Contains($"hil campaign cancel {running.Name}", refused.Status.Detail, StringComparison.Ordinal);
        }

        EnterSafeStateResponse safe = await Devices.EnterSafeStateAsync(new EnterSafeStateRequest { Bench = Bench, Reason = "smoke" });
        Assert.Equal(DriveState.Safe, Assert.Single(safe.Devices).State);
        Operation end = await Daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = running.Name });
        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(end.Error));

        // The turn was given back with its end.
        await Devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench) });
    }

    // Percentage points. One read a product costs more than this on the crossbar, seen on as many images as the validation uses.
    private const double RejectedDrop = 0.05;
}
