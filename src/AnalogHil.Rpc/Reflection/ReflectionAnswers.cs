using AnalogHil.Rpc.Server;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Request = Grpc.Reflection.V1.ServerReflectionRequest;

namespace AnalogHil.Rpc.Reflection;

/// <summary>Answers reflection requests from the descriptors of the mapped services.</summary>
internal sealed class ReflectionAnswers(ServiceRegistry registry)
{
    // Built at the first request, when every service is mapped.
    private readonly Lazy<DescriptorIndex> _index = new(() => new DescriptorIndex(registry.Descriptors));

    /// <summary>The answer to one request; what is not found is an error inside the answer, and the stream goes on.</summary>
    public ServerReflectionResponse Answer(Request request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Request.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { registry.Services.Order(StringComparer.Ordinal).Select(name => new ServiceResponse { Name = name }) },
                };
                break;
            case Request.MessageRequestOneofCase.FileByFilename:
                Files(response, _index.Value.File(request.FileByFilename), $"file {request.FileByFilename}");
                break;
            case Request.MessageRequestOneofCase.FileContainingSymbol:
                Files(response, _index.Value.Declaring(request.FileContainingSymbol), $"symbol {request.FileContainingSymbol}");
                break;
            case Request.MessageRequestOneofCase.FileContainingExtension:
                ExtensionRequest extension = request.FileContainingExtension;
                Files(
                    response,
                    _index.Value.Extending(extension.ContainingType, extension.ExtensionNumber),
                    $"extension {extension.ExtensionNumber} of {extension.ContainingType}");
                break;
            case Request.MessageRequestOneofCase.AllExtensionNumbersOfType:
                Numbers(response, request.AllExtensionNumbersOfType);
                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks nothing; set one of message_request.");
                break;
        }

        return response;
    }

    private static void Files(ServerReflectionResponse response, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"There is no {what} among the services here; list_services names them.");
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse
        {
            FileDescriptorProto = { DescriptorIndex.WithImports(file).Select(each => each.SerializedData) },
        };
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private void Numbers(ServerReflectionResponse response, string message)
    {
        if (_index.Value.ExtensionNumbers(message) is { } numbers)
        {
            response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = message, ExtensionNumber = { numbers } };
        }
        else
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"There is no message {message} among the services here; list_services names them.");
        }
    }
}
