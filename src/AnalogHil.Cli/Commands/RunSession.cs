using System.Globalization;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Sessions;
using AnalogHil.Cli.Views;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Cli.Commands;

/// <summary>One `hil run`, from the options to the exit code.</summary>
internal sealed class RunSession(Terminal terminal)
{
    /// <summary>Bench, model and images when none are named.</summary>
    private const string UsualBench = "crossbar", UsualModel = "fashion-resnet", UsualData = "fashion-mnist";

    /// <summary>Runs the campaign and shows it.</summary>
    public async Task<ExitCode> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        RunRequest request = BuildRequest(options);
        await using DaemonSession session = await DaemonSession.OpenAsync(options.Server, terminal, cancellationToken);
        try
        {
            return await RunAsync(session, request, options.Json);
        }
        catch (RpcException failure)
        {
            return WriteFailure(RpcFailure.StatusOf(failure));
        }
    }

    /// <summary>The request, with every path absolute.</summary>
    internal RunRequest BuildRequest(RunOptions options)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        bool resume = options.Resume is not null;
        var request = new RunRequest
        {
            Bench = options.Bench is null && resume ? "" : files.Bench(options.Bench ?? UsualBench),
            Model = options.Model is null && resume ? "" : files.Model(options.Model ?? UsualModel),
            Data = options.Data is null && resume ? "" : files.Data(options.Data ?? UsualData),
            Resume = resume,
        };
        request.OutputDirectory = files.Output(options.Resume ?? options.Output ?? UsualOutput(request.Bench));
        if (options.MaxDropPoints is { } maxDrop)
        {
            request.MaxDropPoints = maxDrop;
        }

        if (options.Seed is { } seed)
        {
            request.Seed = seed;
        }

        if (options.MaxImages is { } maxImages)
        {
            request.MaxImages = maxImages;
        }

        if (options.SigmaHalfWidthPercent is { } halfWidth)
        {
            request.SigmaHalfWidthPercent = halfWidth;
        }

        return request;
    }

    private async Task<ExitCode> RunAsync(DaemonSession session, RunRequest request, bool json)
    {
        var campaigns = new CampaignService.CampaignServiceClient(session.Invoker);
        Operation operation = await campaigns.RunAsync(request);
        using var interrupts = new Interrupts(terminal, () => campaigns.CancelAsync(new CancelRequest { Name = operation.Name }).ResponseAsync);
        using AsyncServerStreamingCall<WatchOperationResponse> watch =
            campaigns.WatchOperation(new WatchOperationRequest { Name = operation.Name });
        ICampaignView view = json ? new PlainView(terminal.Error, terminal.Time)
            : terminal.IsInteractive ? new LiveView(terminal.CreateConsole())
            : new PlainView(terminal.Output, terminal.Time);
        CampaignEvent last = await view.FollowAsync(Events(watch.ResponseStream));
        if (last.KindCase == CampaignEvent.KindOneofCase.Error)
        {
            return WriteFailure(last.Error);
        }

        if (json)
        {
            await terminal.Output.WriteLineAsync(last.Result.ReportJson);
        }
        else
        {
            ReportView.Write(RecordJson.Deserialize(last.Result.ReportJson), last.Result.OutputDirectory, terminal.CreateConsole());
        }

        return ExitCodes.Of(last.Result.Verdict);
    }

    private ExitCode WriteFailure(Google.Rpc.Status status)
    {
        terminal.Error.WriteLine($"hil: {status.Message}");
        foreach (FieldError field in ErrorStatus.FieldsOf(status))
        {
            terminal.Error.WriteLine($"  {field.Path}{(field.Path.Length > 0 ? ": " : "")}{field.Message}");
        }

        return RpcFailure.ExitCodeOf(status);
    }

    private string UsualOutput(string benchFile) => Path.Combine(
        "runs",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{terminal.Time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Path.GetFileNameWithoutExtension(benchFile)}"));

    private static async IAsyncEnumerable<CampaignEvent> Events(IAsyncStreamReader<WatchOperationResponse> stream)
    {
        while (await stream.MoveNext(CancellationToken.None))
        {
            yield return stream.Current.Event;
        }
    }
}
