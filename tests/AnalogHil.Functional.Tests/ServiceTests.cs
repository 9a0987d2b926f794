using System.Runtime.Versioning;
using AnalogHil.Cli;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;
using Grpc.Health.V1;

namespace AnalogHil.Functional.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class ServiceTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task GetServerInfo_ARunningDaemon_SaysWhatItIs()
    {
        GetServerInfoResponse info = await new SystemService.SystemServiceClient(_daemon.Invoker).GetServerInfoAsync(new GetServerInfoRequest());

        Assert.Matches(@"^\d+\.\d+\.\d+", info.Version);
        Assert.Matches("^([0-9a-f]{40})?$", info.Commit);
        Assert.True(info.QueueLimit > 0);
        Assert.Contains("campaign.resume", info.Features);
    }

    [Fact]
    public async Task Watch_ARunningDaemon_IsServingWhenADeviceHasProvenToWork()
    {
        using AsyncServerStreamingCall<HealthCheckResponse> health = new Health.HealthClient(_daemon.Invoker).Watch(
            new HealthCheckRequest { Service = "analoghil.v1.CampaignService" }, deadline: DateTime.UtcNow.AddSeconds(60));

        // It serves when the first probe of a device has worked.
        do
        {
            Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));
        }
        while (health.ResponseStream.Current.Status != HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public void Socket_OfARunningDaemon_IsItsOwnersOnly() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_daemon.SocketPath));

    [Fact]
    public async Task HilDaemon_OnTheSocketOfALivingOne_Is69AndLeavesItAlone()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, IsInteractive: false, _daemon.Benches, AppContext.BaseDirectory, TimeProvider.System);

        int code = await HilCommand.InvokeAsync(["daemon", "--socket", _daemon.SocketPath], terminal);

        Assert.Equal(69, code);
        Assert.Contains("Another server listens", error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_daemon.SocketPath));
        Assert.Equal(0, await HilCommand.InvokeAsync(["bench", "list", "--server", _daemon.SocketPath], terminal));
        Assert.Contains("homodyne", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListBenches_ShippedOnes_AreAllGood()
    {
        ListBenchesResponse reply = await new BenchService.BenchServiceClient(_daemon.Invoker).ListBenchesAsync(new ListBenchesRequest());

        Assert.Superset(new HashSet<string> { "crossbar", "homodyne", "broadcast-and-weight" }, reply.Benches.Select(bench => bench.Name).ToHashSet());
        Assert.All(reply.Benches, bench =>
        {
            Assert.Empty(bench.Errors);
            Assert.Matches("^[0-9a-f]{64}$", bench.Sha256);
            Assert.Empty(bench.Holder);
        });
    }

    [Fact]
    public async Task GetBench_WithTwoErrors_TellsBoth()
    {
        string bench = Edited("\"rows\": 256", "\"rows\": -3", "\"dacBits\": 8", "\"dacBits\": 99");

        GetBenchResponse reply = await new BenchService.BenchServiceClient(_daemon.Invoker).GetBenchAsync(new GetBenchRequest { Name = bench });

        Assert.Contains(reply.Bench.Errors, error => error.Path.Contains("rows", StringComparison.Ordinal));
        Assert.Contains(reply.Bench.Errors, error => error.Path.Contains("dacBits", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_BenchWithErrors_IsInvalidArgumentWithEveryErrorAndLeavesNothing()
    {
        RunRequest request = _daemon.Quick("out", Edited("\"rows\": 256", "\"rows\": -3", "\"dacBits\": 8", "\"dacBits\": 99"));

        Google.Rpc.Status status = await RefusedAsync(request, StatusCode.InvalidArgument, ErrorReason.BenchInvalid);

        string[] fields = [.. ErrorStatus.FieldsOf(status).Select(field => field.Path)];
        Assert.Contains(fields, field => field.Contains("rows", StringComparison.Ordinal));
        Assert.Contains(fields, field => field.Contains("dacBits", StringComparison.Ordinal));
        Assert.False(Directory.Exists(request.OutputDirectory));
    }

    [Fact]
    public async Task Run_DamagedModel_IsInvalidArgumentAndLeavesNothing()
    {
        string damaged = _daemon["damaged.onnx"];
        byte[] model = await File.ReadAllBytesAsync(TestDaemon.Shipped("models/fashion-lenet.onnx"));
        await File.WriteAllBytesAsync(damaged, model[..(model.Length / 2)]);
        RunRequest request = _daemon.Quick("out");
        request.Model = damaged;

        Google.Rpc.Status status = await RefusedAsync(request, StatusCode.InvalidArgument, ErrorReason.ModelInvalid);

        Assert.Contains("damaged.onnx", status.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(request.OutputDirectory));
    }

    [Fact]
    public async Task Run_MissingImages_IsInvalidArgumentAndSaysOnceWhichDirectory()
    {
        RunRequest request = _daemon.Quick("out");
        request.Data = _daemon["nowhere"];

        Google.Rpc.Status status = await RefusedAsync(request, StatusCode.InvalidArgument, ErrorReason.DataInvalid);

        Assert.Contains(request.Data, status.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownBench_IsNotFoundAndListsTheKnown()
    {
        Google.Rpc.Status status = await RefusedAsync(_daemon.Quick("out", "no-such-bench"), StatusCode.NotFound, ErrorReason.NotFound);

        Assert.Contains("homodyne", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchOperation_Unknown_IsNotFound()
    {
        using AsyncServerStreamingCall<WatchOperationResponse> watch =
            _daemon.Campaigns.WatchOperation(new WatchOperationRequest { Name = "operations/none" });

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    private async Task<Google.Rpc.Status> RefusedAsync(RunRequest request, StatusCode code, ErrorReason reason)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _daemon.Campaigns.RunAsync(request));
        Assert.Equal(code, refused.StatusCode);
        Google.Rpc.Status status = refused.GetRpcStatus()!;
        Assert.Equal(reason, ErrorStatus.ReasonOf(status));
        ListOperationsResponse left = await _daemon.Operations.ListOperationsAsync(new ListOperationsRequest());
        Assert.Empty(left.Operations);
        return status;
    }

    private string Edited(params string[] replacements)
    {
        string text = File.ReadAllText(TestDaemon.Shipped("config/benches/crossbar.json"));
        for (int i = 0; i < replacements.Length; i += 2)
        {
            Assert.Contains(replacements[i], text, StringComparison.Ordinal);
            text = text.Replace(replacements[i], replacements[i + 1], StringComparison.Ordinal);
        }

        // Its profile is looked for beside its folder.
        Directory.CreateDirectory(_daemon["profiles"]);
        File.Copy(TestDaemon.Shipped("config/profiles/pcm-90nm.json"), _daemon["profiles/pcm-90nm.json"], overwrite: true);
        string path = Path.Combine(_daemon.Benches, "edited.json");
        File.WriteAllText(path, text);
        return path;
    }
}
