using System.Globalization;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Remote;
using AnalogHil.Cli.Sessions;
using AnalogHil.Cli.Signals;
using AnalogHil.Cli.Views;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.V1;
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
        // Before anything else: from here on a signal ends the program in order, with nothing left behind and the device safe.
        using var interrupts = new Interrupts(terminal);
        RunRequest request = BuildRequest(options);
        await using DaemonSession session = await DaemonSession.OpenAsync(options.Server, terminal, cancellationToken);
        if (interrupts.Requested.IsCancellationRequested)
        {
            terminal.Say("hil: stopped on request before the campaign began; nothing was done, start it again");
            return ExitCode.Stopped;
        }

        var watch = new CampaignWatch(terminal, session, interrupts);
        CampaignEvent last;
        try
        {
            last = await watch.RunAsync(request, options.Json);
        }
        catch (RpcException failure)
        {
            Google.Rpc.Status status = RpcFailure.StatusOf(failure);
            throw RpcFailure.ToError(status, failure, watch.MayStillRun && RpcFailure.IsWithoutReason(status) ? Lost(request, options.Server) : "");
        }

        return last.KindCase == CampaignEvent.KindOneofCase.Error ? throw RpcFailure.ToError(last.Error, inner: null)
            : WriteResult(last.Result, options.Json);
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
            WaitForBench = options.Wait,
            Mutation = RemoteSession.MutationOf(options.Server is null ? "" : Environment.GetEnvironmentVariable(RemoteOptions.LeaseVariable) ?? ""),
        };
        request.OutputDirectory = files.Record(options.Resume ?? options.Output ?? UsualOutput(request.Bench));
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

        if (options.Corrected)
        {
            request.Corrected = true;
        }

        if (options.SigmaHalfWidthPercent is { } halfWidth)
        {
            request.SigmaHalfWidthPercent = halfWidth;
        }

        return request;
    }

    private static string Lost(RunRequest request, string? server) =>
        $"hil: the device may still be armed: restart the daemon, which makes a device safe when it opens it, and continue with: hil run --resume {request.OutputDirectory}"
            + (server is null ? "" : $" --server {server}");

    private ExitCode WriteResult(RunResponse result, bool json)
    {
        try
        {
            if (json)
            {
                terminal.Output.WriteLine(result.ReportJson);
            }
            else
            {
                ReportView.Write(RecordJson.Deserialize(result.ReportJson), result.OutputDirectory, terminal.CreateConsole());
            }
        }
        catch (IOException gone)
        {
            throw new CliException(
                ExitCode.CannotWrite,
                $"the campaign ended with {result.Verdict}, but the report cannot be printed: {gone.Message.TrimEnd('.')}; print it again with: hil report {result.OutputDirectory}",
                gone);
        }

        return ExitCodes.Of(result.Verdict);
    }

    private string UsualOutput(string benchFile) => Path.Combine(
        "runs",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{terminal.Time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Path.GetFileNameWithoutExtension(benchFile)}"));
}
