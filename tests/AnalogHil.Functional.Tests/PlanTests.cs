using System.Text.Json.Nodes;
using AnalogHil.Daemon.Errors;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Plans learned by the daemon.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private PrecisionService.PrecisionServiceClient _plans = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _plans = new PrecisionService.PrecisionServiceClient(_daemon.Invoker);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Learn_UniformPlan_IsWatchedKeptAndReadableAsAFile()
    {
        Operation started = await _plans.LearnAsync(Asked());
        List<Operation> seen = [];
        using AsyncServerStreamingCall<OperationServiceWatchOperationResponse> watch = new OperationService.OperationServiceClient(_daemon.Invoker)
            .WatchOperation(new OperationServiceWatchOperationRequest { Name = started.Name });
        await foreach (OperationServiceWatchOperationResponse now in watch.ResponseStream.ReadAllAsync())
        {
            seen.Add(now.Operation);
        }

        Operation end = seen[^1];
        Assert.True(end.Done);
        Assert.True(end.Error is null, end.Error?.Message);
        Assert.DoesNotContain(seen[..^1], operation => operation.Done);
        OperationMetadata metadata = end.Metadata.Unpack<OperationMetadata>();
        Assert.Equal(("learn", "certify"), (metadata.Kind, metadata.Phase));
        Plan plan = end.Response.Unpack<LearnResponse>().Plan;
        Assert.Equal(4, plan.Layers.Count);
        Assert.True(plan.Energy.Value > 0);
        Assert.Equal(plan, (await _plans.GetPlanAsync(new GetPlanRequest { Name = plan.Name })).Plan);
        PlanFile file = PlanFileJson.Deserialize(plan.FileJson, "the reply");
        Assert.Equal("plans/" + file.Sha256, plan.Name);
        Plan listed = Assert.Single((await _plans.ListPlansAsync(new ListPlansRequest { ModelSha256 = plan.ModelSha256 })).Plans);
        Assert.Equal((plan.Name, ""), (listed.Name, listed.FileJson));
        Assert.Empty((await _plans.ListPlansAsync(new ListPlansRequest { ModelSha256 = "other" })).Plans);

        // With a level that no interval has it is not kept, and stands in the way of no list; nor does a kept file that was damaged.
        JsonNode nonsense = JsonNode.Parse(plan.FileJson)!;
        nonsense["sha256"] = null;
        nonsense["energy"]!["level"] = 0;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await _plans.ImportPlanAsync(new ImportPlanRequest { Mutation = TestDaemon.NewRequest(), FileJson = nonsense.ToJsonString() }));
        Assert.Equal(ErrorReason.PlanInvalid, ErrorStatus.ReasonOf(refused.GetRpcStatus()!));
        Assert.Contains("$.energy.level is 0", refused.Status.Detail, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_daemon[$"run/state/plans/{new string('0', 64)}.plan.json"], "{");
        Assert.Equal(plan.Name, Assert.Single((await _plans.ListPlansAsync(new ListPlansRequest())).Plans).Name);
        Assert.Equal(plan.Name, Assert.Single((await _plans.ListPlansAsync(new ListPlansRequest { ModelSha256 = plan.ModelSha256 })).Plans).Name);
    }

    [Fact]
    public async Task Learn_EverythingWrong_NamesEveryField()
    {
        LearnRequest request = Asked();
        request.Law = "gravity:9.81";
        request.Data = "relative";
        request.MaxDropPoints = 100;
        request.MaxImages = 10;
        request.Method = (LearnMethod)77;

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _plans.LearnAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(["law", "data", "max_drop_points", "max_images", "method"], ErrorStatus.FieldsOf(refused.GetRpcStatus()!).Select(field => field.Path));
        Assert.Empty((await _daemon.Operations.ListOperationsAsync(new ListOperationsRequest())).Operations);
    }

    [Fact]
    public async Task CancelOperation_WhileLearning_EndsItCancelled()
    {
        LearnRequest request = Asked();
        request.ClearMaxImages();
        request.Method = LearnMethod.Ours;
        Operation started = await _plans.LearnAsync(request);

        await _daemon.Operations.CancelOperationAsync(new CancelOperationRequest { Name = started.Name });
        Operation end = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = started.Name });

        Assert.Equal((int)StatusCode.Cancelled, end.Error.Code);
        Assert.True(end.Metadata.Unpack<OperationMetadata>().CancelRequested);
    }

    private static LearnRequest Asked() => new()
    {
        Mutation = new Mutation { RequestId = Guid.NewGuid().ToString() },
        Model = TestDaemon.Shipped("models/fashion-lenet.onnx"),
        Data = TestDaemon.Shipped("data/fashion-mnist"),
        Law = "thermal:0.01",
        Method = LearnMethod.Uniform,
        MaxDropPoints = 6,
        MaxImages = 1000,
    };
}
