using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Devices driven call by call, through a real socket.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    private const string Bench = "crossbar";
    private const int Rows = 4;
    private const int Columns = 2;

    private TestDaemon _daemon = null!;
    private DeviceService.DeviceServiceClient _devices = null!;
    private BenchService.BenchServiceClient _benches = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _devices = new DeviceService.DeviceServiceClient(_daemon.Invoker);
        _benches = new BenchService.BenchServiceClient(_daemon.Invoker);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task ListDevices_NothingOpen_ShowsEveryBenchClosedInPages()
    {
        ListDevicesResponse first = await _benches.ListDevicesAsync(new ListDevicesRequest { PageSize = 2 });
        ListDevicesResponse second = await _benches.ListDevicesAsync(new ListDevicesRequest { PageSize = 200, PageToken = first.NextPageToken });

        Assert.Equal(2, first.Devices.Count);
        Assert.Empty(second.NextPageToken);
        Device[] all = [.. first.Devices, .. second.Devices];
        Assert.Equal(all.Select(device => device.Bench).Order(StringComparer.Ordinal), all.Select(device => device.Bench));
        Assert.All(all, device => Assert.Equal((DriveState.Closed, ""), (device.State, device.Holder)));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _benches.ListDevicesAsync(new ListDevicesRequest { PageSize = 201 }));
        AssertField(refused, "page_size");
    }

    [Fact]
    public async Task Execute_ProgrammedWeights_GivesTheirProducts()
    {
        await ArmAsync();
        ProgramResponse programmed = await ProgramAsync();
        Assert.Equal(1, programmed.Blocks);
        Assert.Equal(DriveState.Armed, programmed.Device.State);

        // 64 repeats keep the mean of the noise far below the distance between the two columns.
        await _devices.UpdateSettingsAsync(new UpdateSettingsRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Settings = SettingsOf(64) });
        ExecuteResponse reply = await _devices.ExecuteAsync(new ExecuteRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Batches = { Ones(3) } });

        BatchResult result = Assert.Single(reply.Results);
        Assert.Equal(3 * Columns, result.Outputs.Count);
        Assert.Equal(3 * Columns * 64, result.Reads);
        for (int vector = 0; vector < 3; vector++)
        {
            Assert.InRange(result.Outputs[vector * Columns], 1, 3);
            Assert.InRange(result.Outputs[vector * Columns + 1], -3, -1);
        }
    }

    [Fact]
    public async Task Execute_BadBatches_NamesEveryFieldAndDrivesNothing()
    {
        await ArmAsync();
        await ProgramAsync();
        Batch shorter = Ones(1);
        shorter.Inputs.RemoveAt(0);
        Batch beyond = Ones(1);
        beyond.Inputs[2] = float.NaN;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _devices.ExecuteAsync(new ExecuteRequest
        {
            Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Batches = { Ones(1), shorter, beyond, new Batch { Block = 9, Vectors = 1 } },
        }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        string[] fields = [.. ErrorStatus.FieldsOf(refused.GetRpcStatus()!).Select(field => field.Path)];
        Assert.Equal(["batches[1].inputs", "batches[2].inputs[2]", "batches[3].block"], fields);
        Assert.Equal(0, (await _benches.GetDeviceAsync(new GetDeviceRequest { Bench = Bench })).Device.Telemetry.Reads);
    }

    [Fact]
    public async Task UpdateSettings_ByFieldMaskAndEtag_WritesWhatIsNamedAndReadsItBack()
    {
        await ArmAsync();
        string before = (await ProgramAsync()).Etag;
        Settings asked = SettingsOf(5);
        Settings checkedOnly = (await UpdateAsync(asked, before, validateOnly: true)).Settings;
        Settings unchanged = (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings;
        Assert.Equal(before, unchanged.Etag);

        Settings written = (await UpdateAsync(asked, before)).Settings;
        Assert.Equal(checkedOnly, written);
        Assert.Equal(5, written.Blocks[0].Repeats.Single());
        Assert.Equal(written, (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings);

        RpcException stale = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(SettingsOf(6), before));
        Assert.Equal((StatusCode.Aborted, ErrorReason.Stale), (stale.StatusCode, ErrorStatus.ReasonOf(stale.GetRpcStatus()!)));

        Settings repeats = (await UpdateAsync(new Settings { Blocks = { [0] = new BlockSettings { Repeats = { 7 } } } }, "", "blocks.0.repeats")).Settings;
        Assert.Equal((RepeatMode.ReadAndAverage, 7), (repeats.Blocks[0].Mode, repeats.Blocks[0].Repeats.Single()));
        AssertField(await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(SettingsOf(1), "", "blocks.zero")), "update_mask");
        AssertField(await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(SettingsOf(0), "")), "settings.blocks[0].repeats[0]");
        Assert.Empty((await UpdateAsync(new Settings(), "", "blocks.0")).Settings.Blocks);
    }

    [Fact]
    public async Task StreamExecute_GoodAndBadBatches_AnswersEachInOrder()
    {
        await ArmAsync();
        await ProgramAsync();
        using AsyncDuplexStreamingCall<StreamExecuteRequest, StreamExecuteResponse> call = _devices.StreamExecute();
        await call.RequestStream.WriteAsync(new StreamExecuteRequest { Start = new StreamExecuteStart { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) } });
        await call.RequestStream.WriteAsync(new StreamExecuteRequest { Batch = Ones(2) });
        await call.RequestStream.WriteAsync(new StreamExecuteRequest { Batch = new Batch { Block = 7, Vectors = 1 } });
        await call.RequestStream.WriteAsync(new StreamExecuteRequest { Batch = Ones(1) });
        await call.RequestStream.CompleteAsync();

        List<StreamExecuteResponse> replies = [];
        await foreach (StreamExecuteResponse reply in call.ResponseStream.ReadAllAsync())
        {
            replies.Add(reply);
        }

        Assert.Equal([1, 2, 3], replies.Select(reply => reply.Number));
        Assert.Equal(2 * Columns, replies[0].Result.Outputs.Count);
        Assert.Equal((int)StatusCode.InvalidArgument, replies[1].Error.Code);
        Assert.Equal(Columns, replies[2].Result.Outputs.Count);
    }

    [Fact]
    public async Task EnterSafeState_WithoutALease_StopsDrivingUntilArmedAgain()
    {
        await ArmAsync();
        await ProgramAsync();

        EnterSafeStateResponse safe = await _devices.EnterSafeStateAsync(new EnterSafeStateRequest { Reason = "smoke" });

        Assert.Equal(DriveState.Safe, Assert.Single(safe.Devices).State);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await ExecuteAsync());
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.NotArmed), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
        Assert.Contains("smoke", refused.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(refused.GetRpcStatus()!.GetDetail<Google.Rpc.PreconditionFailure>());
        Assert.Equal(DriveState.Safe, (await _devices.ClearFaultAsync(new ClearFaultRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) })).Device.State);
        await ArmAsync();
        Assert.Single((await ExecuteAsync()).Results);

        Device closed = (await _devices.DisarmAsync(new DisarmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) })).Device;
        Assert.Equal((DriveState.Closed, ""), (closed.State, closed.Holder));
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(async () => await ExecuteAsync())).StatusCode);
    }

    [Fact]
    public async Task EnterSafeState_WhileACampaignRuns_EndsItWithItsRecordKept()
    {
        _daemon.HoldAt(CampaignPhase.Calibrate);
        Operation operation = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        await _daemon.ReachAsync(operation, CampaignPhase.Calibrate);

        EnterSafeStateResponse safe = await _devices.EnterSafeStateAsync(new EnterSafeStateRequest { Bench = Bench, Reason = "smoke" });
        _daemon.Release();
        CampaignEvent end = await _daemon.EndAsync(operation);

        Assert.Equal(DriveState.Safe, Assert.Single(safe.Devices).State);
        Assert.Equal(CampaignEvent.KindOneofCase.Error, end.KindCase);
        Assert.Contains("smoke", end.Error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_daemon["record"], "report.json")));
    }

    [Fact]
    public async Task WatchDevices_ResumedByItsToken_TellsWhatChangedMeanwhile()
    {
        string token;
        using (AsyncServerStreamingCall<WatchDevicesResponse> watch = _benches.WatchDevices(new WatchDevicesRequest()))
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
            Assert.True(watch.ResponseStream.Current.Snapshot.Devices.Count >= 3);
            token = watch.ResponseStream.Current.ResumeToken;
        }

        await ArmAsync();
        using AsyncServerStreamingCall<WatchDevicesResponse> resumed = _benches.WatchDevices(new WatchDevicesRequest { ResumeToken = token });
        Assert.True(await resumed.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal((Bench, DriveState.Armed), (resumed.ResponseStream.Current.Changed.Bench, resumed.ResponseStream.Current.Changed.State));

        using AsyncServerStreamingCall<WatchDevicesResponse> unknown = _benches.WatchDevices(new WatchDevicesRequest { ResumeToken = "of-another-life" });
        Assert.True(await unknown.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotNull(unknown.ResponseStream.Current.Snapshot);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using AsyncServerStreamingCall<WatchDevicesResponse> slow = _benches.WatchDevices(new WatchDevicesRequest { Heartbeat = Duration.FromTimeSpan(TimeSpan.FromMinutes(2)) });
            await slow.ResponseStream.MoveNext(CancellationToken.None);
        });
        AssertField(refused, "heartbeat");
    }

    private static void AssertField(RpcException refused, string field)
    {
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(ErrorStatus.FieldsOf(refused.GetRpcStatus()!), error => error.Path == field);
    }

    private static Settings SettingsOf(int repeats) =>
        new() { Blocks = { [0] = new BlockSettings { Mode = RepeatMode.ReadAndAverage, Repeats = { repeats } } } };

    private static Batch Ones(int vectors) => new() { Block = 0, Vectors = vectors, Inputs = { Enumerable.Repeat(1f, vectors * Rows) } };

    private async Task<Device> ArmAsync() =>
        (await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) })).Device;

    private async Task<ExecuteResponse> ExecuteAsync() =>
        await _devices.ExecuteAsync(new ExecuteRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Batches = { Ones(1) } });

    // Columns of +0.5 and -0.5, in two parts.
    private async Task<ProgramResponse> ProgramAsync()
    {
        using AsyncClientStreamingCall<ProgramRequest, ProgramResponse> call = _devices.Program();
        await call.RequestStream.WriteAsync(new ProgramRequest { Start = new ProgramStart { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) } });
        await call.RequestStream.WriteAsync(new ProgramRequest
        {
            Block = new BlockPart { Block = 0, Rows = Rows, Columns = Columns, Places = { new CellPlace() }, Weights = { 0.5f, -0.5f, 0.5f, -0.5f } },
        });
        await call.RequestStream.WriteAsync(new ProgramRequest { Block = new BlockPart { Block = 0, Weights = { 0.5f, -0.5f, 0.5f, -0.5f } } });
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private async Task<UpdateSettingsResponse> UpdateAsync(Settings settings, string etag, string mask = "", bool validateOnly = false)
    {
        var request = new UpdateSettingsRequest
        {
            Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Settings = settings, Etag = etag, ValidateOnly = validateOnly,
        };
        if (mask.Length > 0)
        {
            request.UpdateMask = new FieldMask { Paths = { mask } };
        }

        return await _devices.UpdateSettingsAsync(request);
    }
}
