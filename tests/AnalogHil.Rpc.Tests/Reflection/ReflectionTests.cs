using AnalogHil.Rpc.Tests.Hosting;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using static Grpc.Reflection.V1.ServerReflection;
using Alpha = Grpc.Reflection.V1Alpha;

namespace AnalogHil.Rpc.Tests.Reflection;

public sealed class ReflectionTests
{
    [Fact]
    public async Task ListServices_AllMapped_NamesThemInOrder()
    {
        await using TestServer server = await StartAsync();

        ServerReflectionResponse answer = await AskAsync(server, new ServerReflectionRequest { Host = "bench", ListServices = "" });

        Assert.Equal(
            ["analoghil.test.v1.EchoService", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            answer.ListServicesResponse.Service.Select(s => s.Name));
        Assert.Equal("bench", answer.ValidHost);
        Assert.Equal("bench", answer.OriginalRequest.Host);
    }

    [Theory]
    [InlineData("analoghil.test.v1.EchoService")]
    [InlineData("analoghil.test.v1.EchoService.Unary")]
    [InlineData("analoghil.test.v1.EchoRequest")]
    [InlineData("analoghil.test.v1.EchoRequest.text")]
    public async Task FileContainingSymbol_EveryKindOfSymbol_BuildsTheService(string symbol)
    {
        await using TestServer server = await StartAsync();

        ServerReflectionResponse answer = await AskAsync(server, new ServerReflectionRequest { FileContainingSymbol = symbol });

        // What a client without stubs does: it builds the descriptors again from the bytes.
        IReadOnlyList<FileDescriptor> files = FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto.Reverse());
        ServiceDescriptor service = Assert.Single(files[^1].Services);
        Assert.Equal(5, service.Methods.Count);
        Assert.True(service.FindMethodByName("Duplex").IsClientStreaming);
    }

    [Fact]
    public async Task FileByFilename_KnownAndUnknown_IsFoundOrNotFoundAndTheStreamGoesOn()
    {
        await using TestServer server = await StartAsync();
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflectionClient(server.Channel).ServerReflectionInfo(deadline: DateTime.UtcNow.AddSeconds(60));

        ServerReflectionResponse unknown = await AskAsync(call, new ServerReflectionRequest { FileByFilename = "no.proto" });
        ServerReflectionResponse symbol = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "no.Symbol" });
        ServerReflectionResponse nothing = await AskAsync(call, new ServerReflectionRequest());
        ServerReflectionResponse known = await AskAsync(call, new ServerReflectionRequest { FileByFilename = "echo.proto" });

        Assert.Equal((int)StatusCode.NotFound, unknown.ErrorResponse.ErrorCode);
        Assert.Contains("no.proto", unknown.ErrorResponse.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((int)StatusCode.NotFound, symbol.ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.InvalidArgument, nothing.ErrorResponse.ErrorCode);
        Assert.Equal("echo.proto", FileDescriptorProto.Parser.ParseFrom(Assert.Single(known.FileDescriptorResponse.FileDescriptorProto)).Name);
    }

    [Fact]
    public async Task Extensions_OfAMessageWithout_AreNoneAndOfAnUnknownNotFound()
    {
        await using TestServer server = await StartAsync();

        ServerReflectionResponse none = await AskAsync(server, new ServerReflectionRequest { AllExtensionNumbersOfType = "analoghil.test.v1.EchoRequest" });
        ServerReflectionResponse unknown = await AskAsync(server, new ServerReflectionRequest { AllExtensionNumbersOfType = "no.Message" });
        ServerReflectionResponse extension = await AskAsync(
            server, new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = "no.Message", ExtensionNumber = 7 } });

        Assert.Empty(none.AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal((int)StatusCode.NotFound, unknown.ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.NotFound, extension.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task Alpha_SameQuestion_HasTheSameBytes()
    {
        await using TestServer server = await StartAsync();
        using AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> call =
            new Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(deadline: DateTime.UtcNow.AddSeconds(60));
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileContainingSymbol = "analoghil.test.v1.EchoRequest" });
        Assert.True(await call.ResponseStream.MoveNext());

        ServerReflectionResponse answer = await AskAsync(server, new ServerReflectionRequest { FileContainingSymbol = "analoghil.test.v1.EchoRequest" });

        Assert.Equal(answer.ToByteString(), call.ResponseStream.Current.ToByteString());
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(map: app => app.MapRpcReflection());

    private static async Task<ServerReflectionResponse> AskAsync(TestServer server, ServerReflectionRequest request)
    {
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflectionClient(server.Channel).ServerReflectionInfo(deadline: DateTime.UtcNow.AddSeconds(60));
        return await AskAsync(call, request);
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current;
    }
}
