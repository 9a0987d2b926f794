using System.Security.Cryptography;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Networks that the daemon keeps.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const int Chunk = 64 * 1024;

    private TestDaemon _daemon = null!;
    private ModelService.ModelServiceClient _models = null!;
    private byte[] _file = null!;
    private string _hash = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _models = new ModelService.ModelServiceClient(_daemon.Invoker);
        _file = await File.ReadAllBytesAsync(TestDaemon.Shipped("models/fashion-lenet.onnx"));
        _hash = Convert.ToHexStringLower(SHA256.HashData(_file));
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task ImportModel_WholeFile_IsKeptOnceAndDescribed()
    {
        ImportModelResponse first = await ImportAsync(_file, _hash);
        ImportModelResponse again = await ImportAsync(_file, _hash);

        Assert.False(first.AlreadyThere);
        Assert.True(again.AlreadyThere);
        Assert.Equal(first.Model, again.Model);
        Assert.Equal(("models/" + _hash, "lenet", _file.Length, 10), (first.Model.Name, first.Model.DisplayName, (int)first.Model.SizeBytes, first.Model.Classes));
        Assert.Equal(4, first.Model.Layers.Count);
        Assert.Equal(_file, await File.ReadAllBytesAsync(first.Model.Path));
        Assert.Equal(first.Model, Assert.Single((await _models.ListModelsAsync(new ListModelsRequest())).Models));
        Assert.Equal(first.Model, (await _models.GetModelAsync(new GetModelRequest { Name = first.Model.Name })).Model);
    }

    [Fact]
    public async Task ImportModel_DamagedOnTheWayOrNoNetwork_IsRefusedAndNothingIsKept()
    {
        await RefusedAsync(() => ImportAsync(_file, new string('0', 64)), StatusCode.DataLoss, ErrorReason.HashMismatch);
        await RefusedAsync(() => ImportAsync(_file[..5000], Convert.ToHexStringLower(SHA256.HashData(_file[..5000]))), StatusCode.InvalidArgument, ErrorReason.ModelInvalid);
        await RefusedAsync(() => ImportAsync(_file, _hash, size: _file.Length - 1), StatusCode.InvalidArgument, ErrorReason.TooLarge);
        await RefusedAsync(() => ImportAsync(_file, _hash, size: _file.Length + 1), StatusCode.DataLoss, ErrorReason.HashMismatch);
        await RefusedAsync(() => ImportAsync(_file, _hash, chunk: Chunk + 1), StatusCode.InvalidArgument, ErrorReason.TooLarge);
        await RefusedAsync(() => ImportAsync(_file, _hash, name: "../../etc"), StatusCode.InvalidArgument, ErrorReason.RequestInvalid);
        Assert.Empty((await _models.ListModelsAsync(new ListModelsRequest())).Models);
    }

    [Fact]
    public async Task Run_ModelThatIsNotKept_IsNotFound()
    {
        RunRequest request = await _daemon.QuickAsync("out");
        request.Model = "models/" + new string('a', 64);

        await RefusedAsync(async () => await _daemon.Campaigns.RunAsync(request), StatusCode.NotFound, ErrorReason.NotFound);
    }

    private static async Task RefusedAsync(Func<Task> call, StatusCode code, ErrorReason reason)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((code, reason), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
    }

    private async Task<ImportModelResponse> ImportAsync(byte[] file, string hash, int? size = null, int chunk = Chunk, string name = "lenet")
    {
        using AsyncClientStreamingCall<ImportModelRequest, ImportModelResponse> call = _models.ImportModel();
        Mutation mutation = new() { RequestId = Guid.NewGuid().ToString() };
        try
        {
            await call.RequestStream.WriteAsync(new ImportModelRequest { Start = new ImportStart { Mutation = mutation, DisplayName = name, SizeBytes = size ?? file.Length } });
            foreach (byte[] part in file.Chunk(chunk))
            {
                await call.RequestStream.WriteAsync(new ImportModelRequest { Chunk = ByteString.CopyFrom(part) });
            }

            await call.RequestStream.WriteAsync(new ImportModelRequest { End = new ImportEnd { Sha256 = hash } });
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Refused before everything was sent; the reply says why.
        }

        return await call.ResponseAsync;
    }
}
