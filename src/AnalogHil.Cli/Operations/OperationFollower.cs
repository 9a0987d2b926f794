using AnalogHil.Cli.Remote;
using AnalogHil.Cli.Sessions;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Cli.Operations;

/// <summary>Follows a long-running operation to its end, and tells its progress on standard error.</summary>
internal static class OperationFollower
{
    /// <summary>Waits for the end.</summary>
    /// <returns>The operation, done, with its response.</returns>
    /// <exception cref="CliException">It ended with an error.</exception>
    public static async Task<Operation> FollowAsync(RemoteSession session, Operation operation)
    {
        var client = new OperationService.OperationServiceClient(session.Invoker);
        session.Terminal.Say(operation.Name);
        string told = "";
        try
        {
            await RemoteSession.RefusableAsync(() => WatchAsync(client));
        }
        catch (Exception) when (session.Cancelled.IsCancellationRequested)
        {
            throw new CliException(
                ExitCode.Stopped,
                $"no longer followed: {operation.Name} goes on in the daemon; follow it with hil campaign watch {operation.Name}, end it with hil campaign cancel {operation.Name}");
        }

        return operation.Error is { } error
            ? throw RpcFailure.ToError(error, inner: null)
            : operation;

        async Task<Operation> WatchAsync(OperationService.OperationServiceClient client)
        {
            using AsyncServerStreamingCall<OperationServiceWatchOperationResponse> watch = client.WatchOperation(
                new OperationServiceWatchOperationRequest { Name = operation.Name }, cancellationToken: session.Cancelled);
            while (await watch.ResponseStream.MoveNext(session.Cancelled))
            {
                operation = watch.ResponseStream.Current.Operation;
                string line = OperationView.LineOf(operation);
                if (line != told)
                {
                    session.Terminal.Say(line);
                    told = line;
                }
            }

            return operation;
        }
    }
}
