using AnalogHil.Cli.Files;
using AnalogHil.Cli.Operations;
using AnalogHil.Cli.Remote;
using AnalogHil.Cli.Sessions;
using AnalogHil.Cli.Signals;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;
using Google.LongRunning;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan learn --server`: the daemon learns and keeps the plan; this program follows and shows it.</summary>
internal static class PlanLearnRemote
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    /// <summary>Learns; ends with the verdict of the certificate.</summary>
    public static async Task<ExitCode> RunAsync(Terminal terminal, string server, PlanLearnOptions options, CancellationToken cancellationToken)
    {
        string? path = options.Output is { } output ? Path.GetFullPath(output, terminal.CurrentDirectory) : null;
        if (path is not null)
        {
            OutputFile.Require(path);
        }

        LearnRequest request = RequestOf(terminal, options);
        using var stop = new StopSignal(cancellationToken);
        await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, stop.Requested);
        var remote = new RemoteSession(session, terminal, options.Json, "", stop.Requested);
        request.Mutation = remote.NewMutation();
        Operation operation = await remote.CallAsync(StartLimit, (invoker, call) => new PrecisionService.PrecisionServiceClient(invoker).LearnAsync(request, call));
        Plan plan = (await OperationFollower.FollowAsync(remote, operation)).Response.Unpack<LearnResponse>().Plan;
        try
        {
            if (path is not null)
            {
                OutputFile.Save(path, plan.FileJson);
            }
        }
        finally
        {
            // Told also where it cannot be saved: it took hours to learn.
            Show(terminal, options, plan);
        }

        return ExitCodes.Of(plan.Certificate == Verdict.Unspecified ? Verdict.Inconclusive : plan.Certificate);
    }

    private static void Show(Terminal terminal, PlanLearnOptions options, Plan plan)
    {
        if (options.Json)
        {
            terminal.Output.Write(plan.FileJson);
        }
        else
        {
            PlanView.Write(PlanFileJson.Deserialize(plan.FileJson, plan.Name), terminal.CreateConsole());
            terminal.Output.WriteLine($"the daemon keeps it as {plan.Name}");
        }
    }

    private static LearnRequest RequestOf(Terminal terminal, PlanLearnOptions options)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        var request = new LearnRequest
        {
            Granularity = options.Granularity == AnalogHil.Precision.Learning.Granularity.Channel ? PlanGranularity.Channel : PlanGranularity.Layer,
            MaxDropPoints = 100 * options.MaxDrop,
            Seed = options.Seed,
            Method = options.Method switch
            {
                null => LearnMethod.Unspecified,
                "uniform" => LearnMethod.Uniform,
                "paper" => LearnMethod.Paper,
                "ours" => LearnMethod.Ours,
                "integer" => LearnMethod.Integer,
                "uniform-integer" => LearnMethod.UniformInteger,
                "paper-integer" => LearnMethod.PaperInteger,
                _ => throw new CliException(ExitCode.Usage, $"--method {options.Method} is not offered by daemons; leave --server out"),
            },
        };
        if (options.Profile is { } record)
        {
            request.Record = Path.GetFullPath(record, terminal.CurrentDirectory);
        }
        else
        {
            request.Law = options.Noise?.ToString() ?? "thermal:0.01";
        }

        bool recorded = options.Profile is not null;
        request.Model = options.Model is { } model ? files.ModelOfDaemon(model) : recorded ? "" : files.Model("fashion-resnet");
        request.Data = options.Data is { } data ? files.Data(data) : recorded ? "" : files.Data("fashion-mnist");
        if (options.Budget is { } budget)
        {
            request.BudgetReadsPerMac = budget;
        }

        if (options.MaxRepeats is { } repeats)
        {
            request.MaxRepeats = repeats;
        }

        if (options.MaxImages is { } images)
        {
            request.MaxImages = images;
        }

        return request;
    }
}
