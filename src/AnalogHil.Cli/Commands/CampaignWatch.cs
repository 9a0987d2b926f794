using AnalogHil.Cli.Sessions;
using AnalogHil.Cli.Signals;
using AnalogHil.Cli.Views;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Cli.Commands;

/// <summary>Starts one campaign and follows it to its end, whatever becomes of the terminal.</summary>
internal sealed class CampaignWatch(Terminal terminal, DaemonSession session, Interrupts interrupts)
{
    /// <summary>Longest start of a campaign: the daemon reads bench, model and images before it answers.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly CampaignService.CampaignServiceClient _campaigns = new(session.Invoker);
    private CampaignEvent? _last;

    /// <summary>Whether the daemon took the campaign, or was asked to and did not answer: when the call fails then, the device may be in use.</summary>
    public bool MayStillRun { get; private set; }

    /// <summary>Runs the campaign.</summary>
    /// <returns>The last event: its result, or why there is none.</returns>
    /// <exception cref="RpcException">The daemon refused the campaign, or was lost.</exception>
    public async Task<CampaignEvent> RunAsync(RunRequest request, bool json)
    {
        // Not ended by a signal: the daemon would go on with a campaign whose name nobody knows.
        Operation operation;
        try
        {
            operation = await _campaigns.RunAsync(request, session.Within(StartLimit));
        }
        catch (RpcException late) when (late.StatusCode == StatusCode.DeadlineExceeded)
        {
            MayStillRun = true;
            throw;
        }

        MayStillRun = true;
        Task cancelling = Task.CompletedTask;
        using AsyncServerStreamingCall<WatchOperationResponse> watch =
            _campaigns.WatchOperation(new WatchOperationRequest { Name = operation.Name });
        try
        {
            // Called at once when the signal came while the campaign was being started.
            using CancellationTokenRegistration stop = interrupts.Requested.Register(() => cancelling = CancelAsync(operation));
            return await FollowAsync(watch.ResponseStream, json);
        }
        finally
        {
            await cancelling;
        }
    }

    private async Task<CampaignEvent> FollowAsync(IAsyncStreamReader<WatchOperationResponse> stream, bool json)
    {
        try
        {
            ICampaignView view = json ? new PlainView(terminal.Error, terminal.Time)
                : terminal.IsInteractive ? new LiveView(terminal.CreateConsole())
                : new PlainView(terminal.Output, terminal.Time);
            return await view.FollowAsync(EventsAsync(stream));
        }
        catch (IOException gone)
        {
            // The terminal is closed or the disk full. The campaign is stopped and waited for, so that its device is safe.
            terminal.Say($"hil: stopping, because progress cannot be shown: {gone.Message}");
            interrupts.Request();
            await foreach (CampaignEvent happened in EventsAsync(stream))
            {
                _last = happened;
            }

            return _last ?? throw new CliException(ExitCode.Internal, "the daemon ended the stream of events before the campaign's result", gone);
        }
    }

    private async IAsyncEnumerable<CampaignEvent> EventsAsync(IAsyncStreamReader<WatchOperationResponse> stream)
    {
        while (await stream.MoveNext(CancellationToken.None))
        {
            _last = stream.Current.Event;
            yield return _last;
        }
    }

    private async Task CancelAsync(Operation operation)
    {
        try
        {
            await _campaigns.CancelAsync(new CancelRequest { Name = operation.Name }, session.Within(DaemonSession.CallLimit));
        }
        catch (RpcException failure)
        {
            terminal.Say($"hil: the daemon could not be told to stop the campaign: {failure.Status.Detail}");
        }
    }
}
