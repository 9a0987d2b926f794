using System.Security.Cryptography;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Models;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.ModelService.</summary>
internal sealed class ModelEndpoint(ModelShelf shelf) : ModelService.ModelServiceBase
{
    private const long LargestFile = 1L << 30;
    private const int LongestName = 64;

    /// <inheritdoc/>
    public override Task<ImportModelResponse> ImportModel(IAsyncStreamReader<ImportModelRequest> requestStream, ServerCallContext context) =>
        Reply.FromAsync("", async () =>
        {
            ImportStart start = await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
                ? Checked(requestStream.Current.Start)
                : throw Out("start is missing; it must be the first message of the stream");
            string upload = shelf.NewUpload();
            try
            {
                string sha256 = await ReceiveAsync(requestStream, start, upload, context.CancellationToken).ConfigureAwait(false);
                (Model model, bool wasThere) = shelf.Keep(upload, sha256, start);
                return new ImportModelResponse { Model = model, AlreadyThere = wasThere };
            }
            finally
            {
                File.Delete(upload);
            }
        });

    /// <inheritdoc/>
    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) => Reply.From(() =>
    {
        var checks = new FieldChecks();
        checks.Require(
            request.Name.StartsWith(ModelShelf.Prefix, StringComparison.Ordinal),
            "name",
            $"is '{request.Name}', names are {ModelShelf.Prefix}HASH; list them with ListModels");
        checks.ThrowIfAny();
        return new GetModelResponse { Model = shelf.Describe(request.Name[ModelShelf.Prefix.Length..]) };
    });

    /// <inheritdoc/>
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) => Reply.From(() =>
    {
        (IEnumerable<string> page, string next) = Paging.Of(shelf.Hashes(), hash => hash, request.PageSize, request.PageToken);
        return new ListModelsResponse { Models = { page.Select(shelf.Describe) }, NextPageToken = next };
    });

    private static ImportStart Checked(ImportStart? start)
    {
        if (start is null)
        {
            throw Out("start is missing; it must be the first message of the stream");
        }

        var checks = new FieldChecks();
        checks.Require(
            start.DisplayName.Length is >= 1 and <= LongestName
                && start.DisplayName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'),
            "start.display_name", $"is '{start.DisplayName}', must be 1 to {LongestName} letters, digits, '.', '-' or '_'");
        checks.Require(start.SizeBytes is >= 1 and <= LargestFile, "start.size_bytes", $"is {start.SizeBytes}, must lie in 1 .. {LargestFile}");
        checks.ThrowIfAny();
        return start;
    }

    private static async Task<string> ReceiveAsync(
        IAsyncStreamReader<ImportModelRequest> stream, ImportStart start, string upload, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(upload, FileMode.CreateNew, FileAccess.Write);
        long received = 0;
        while (await stream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            ImportModelRequest message = stream.Current;
            if (message.PartCase == ImportModelRequest.PartOneofCase.End)
            {
                return Verified(message.End.Sha256, Convert.ToHexStringLower(hash.GetHashAndReset()), received, start.SizeBytes);
            }

            if (message.PartCase != ImportModelRequest.PartOneofCase.Chunk || message.Chunk.IsEmpty)
            {
                throw Out($"after {received} bytes came a {message.PartCase} where a chunk or the end was due");
            }

            received += message.Chunk.Length;
            if (message.Chunk.Length > DaemonHost.ChunkLimitBytes || received > start.SizeBytes)
            {
                throw new CampaignException(
                    ErrorReason.TooLarge,
                    message.Chunk.Length > DaemonHost.ChunkLimitBytes
                        ? $"chunk has {message.Chunk.Length} bytes, the limit is {DaemonHost.ChunkLimitBytes}; cut it"
                        : $"chunk: {received} bytes came, start.size_bytes says {start.SizeBytes}");
            }

            hash.AppendData(message.Chunk.Span);
            await file.WriteAsync(message.Chunk.Memory, cancellationToken).ConfigureAwait(false);
        }

        throw Out($"the stream ended after {received} bytes without its end message; send the hash last");
    }

    private static string Verified(string told, string found, long received, long size)
    {
        if (received != size)
        {
            throw new CampaignException(ErrorReason.HashMismatch, $"{received} bytes came, start.size_bytes says {size}; send the whole file again");
        }

        return told == found
            ? found
            : throw new CampaignException(
                ErrorReason.HashMismatch,
                $"what came has the SHA-256 {found}, end.sha256 says '{told}'; nothing is kept, send it again");
    }

    private static CampaignException Out(string message) => new(ErrorReason.RequestInvalid, message);
}
