using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.Protobuf;
using Spectre.Console;

namespace AnalogHil.Cli.Devices;

/// <summary>`hil device execute`: drives programmed blocks with batches from a file.</summary>
internal static class DeviceExecuteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(RemoteOptions remote, Terminal terminal)
    {
        Argument<string> bench = DeviceCommand.Bench();
        var file = new Argument<string>("FILE")
        {
            Description = "JSON: {\"batches\": [{\"block\": 0, \"vectors\": 1, \"inputs\": [...]}]}; - for standard input",
        };
        var command = new Command(
            "execute",
            """
            Drives programmed blocks of an armed device with batches of input vectors, and prints what came back.

            Example:  hil device execute crossbar batches.json --json
            """)
        {
            bench, file,
        };
        remote.Does(command, terminal, async (parsed, session) =>
        {
            ExecuteRequest request = Read(terminal, parsed.GetRequiredValue(file));
            request.Bench = parsed.GetRequiredValue(bench);
            request.Mutation = session.NewMutation();
            ExecuteResponse reply = await session.CallAsync((invoker, options) =>
                new DeviceService.DeviceServiceClient(invoker).ExecuteAsync(request, options));
            return session.Show(reply, console =>
            {
                foreach ((BatchResult result, Batch batch) in reply.Results.Zip(request.Batches))
                {
                    console.WriteLine($"block {batch.Block}, {result.Reads} reads, {result.SaturatedReads} saturated: {string.Join(" ", result.Outputs)}");
                }
            });
        });
        return command;
    }

    private static ExecuteRequest Read(Terminal terminal, string file)
    {
        string source = file == "-" ? "standard input" : Path.GetFullPath(file, terminal.CurrentDirectory);
        try
        {
            string text = file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(source);
            return JsonParser.Default.Parse<ExecuteRequest>(text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new CliException(ExitCode.BadInput, $"{source} holds no batches: {wrong.Message.TrimEnd('.')}; see hil device execute --help", wrong);
        }
    }
}
