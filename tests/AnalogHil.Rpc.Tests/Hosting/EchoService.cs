using AnalogHil.Rpc.Server;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests.Hosting;

/// <summary>Answers what it is asked; a text that starts with a word and a colon asks for a special behaviour.</summary>
internal sealed class EchoService : Protos.EchoService.EchoServiceBase
{
    /// <summary>Completed when a handler saw its token cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when a handler has begun.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends a handler that ignores its token.</summary>
    public TaskCompletionSource Ignore { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages that the last server stream has handed to the transport.</summary>
    public int Written { get; private set; }

    /// <summary>Path of the last unary call.</summary>
    public string? LastMethod { get; private set; }

    /// <summary>Where the last unary call came from.</summary>
    public string? LastPeer { get; private set; }

    /// <summary>Who made the last unary call, if it came over a Unix socket.</summary>
    public PeerCredentials? LastCredentials { get; private set; }

    /// <summary>Subject of the certificate that the client of the last unary call has shown.</summary>
    public string? LastCertificate { get; private set; }

    public override async Task<EchoResponse> Unary(EchoRequest request, ServerCallContext context)
    {
        LastMethod = context.Method;
        LastPeer = context.Peer;
        LastCredentials = context.GetPeerCredentials();
        LastCertificate = context.GetClientCertificate()?.Subject;
        Begun.TrySetResult();
        switch (request.Text.Split(':')[0])
        {
            case "throw":
                throw new InvalidOperationException("secret path /etc/secret");
            case "status":
                throw new RpcException(
                    new Status(StatusCode.FailedPrecondition, request.Text[7..]), new Metadata { { "why", "because" }, { "raw-bin", [0, 255, 128] } });
            case "set":
                context.Status = new Status(StatusCode.Aborted, "set by the handler");
                break;
            case "wait":
                await UntilCancelled(context.CancellationToken);
                break;
            case "ignore":
                await Ignore.Task.WaitAsync(TimeSpan.FromSeconds(60));
                break;
            case "early":
                await context.WriteResponseHeadersAsync(new Metadata { { "stage", "begun" } });
                await Ignore.Task.WaitAsync(TimeSpan.FromSeconds(60));
                break;
            case "null":
                return null!;
            case "headers":
                await context.WriteResponseHeadersAsync([.. context.RequestHeaders]);
                foreach (Metadata.Entry entry in context.RequestHeaders)
                {
                    context.ResponseTrailers.Add(entry);
                }

                break;
            default:
                break;
        }

        return new EchoResponse { Text = request.Text, Data = request.Data };
    }

    public override async Task ServerStream(EchoRequest request, IServerStreamWriter<EchoResponse> responseStream, ServerCallContext context)
    {
        Begun.TrySetResult();
        Written = 0;
        try
        {
            for (int i = 0; i < request.Count; i++)
            {
                await responseStream.WriteAsync(new EchoResponse { Text = request.Text, Index = i, Data = request.Data });
                Written = i + 1;
            }
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }

        switch (request.Text)
        {
            case "wait":
                await UntilCancelled(context.CancellationToken);
                break;
            case "fail":
                throw new RpcException(new Status(StatusCode.DataLoss, "after the last"), new Metadata { { "why", "because" } });
            default:
                break;
        }
    }

    public override async Task<EchoResponse> ClientStream(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        int bytes = 0;
        int count = 0;
        await foreach (EchoRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            count++;
            bytes += request.Data.Length;
            if (request.Text == "stop")
            {
                throw new RpcException(new Status(StatusCode.OutOfRange, "enough"));
            }
        }

        return new EchoResponse { Index = count, Text = $"{bytes} bytes" };
    }

    public override async Task Duplex(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoResponse> responseStream, ServerCallContext context)
    {
        int index = 0;
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(new EchoResponse { Text = requestStream.Current.Text, Index = index++ });
        }
    }

    private async Task UntilCancelled(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }
    }
}
