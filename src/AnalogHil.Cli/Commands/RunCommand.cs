using System.CommandLine;
using System.CommandLine.Parsing;
using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Operations;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil run`: one campaign.</summary>
internal static class RunCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var bench = new Option<string?>("--bench", "-b")
        {
            Description = "Bench file, or name of a bench that comes with the program [default: crossbar]",
            HelpName = "FILE",
        };
        var model = new Option<string?>("--model", "-m")
        {
            Description = "ONNX model, or name of a model that comes with the program [default: fashion-resnet]",
            HelpName = "FILE",
        };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Image set that comes with the program, or directory of IDX, CIFAR-10, NumPy or picture files with a test and a calibration split [default: fashion-mnist]",
            HelpName = "NAME|DIR",
        };
        var maxDrop = new Option<double?>("--max-drop")
        {
            Description = "Largest accepted loss of accuracy against the float32 network, percentage points [default: 2]",
            HelpName = "POINTS",
            CustomParser = Numbers.Real(points => points is > 0 and < 100, "must lie strictly between 0 and 100 percentage points; 2 is usual"),
        };
        var seed = new Option<ulong?>("--seed", "-s")
        {
            Description = "Seed of every random number that the campaign draws; the same seed gives the same campaign [default: 1]",
            HelpName = "N",
            CustomParser = Numbers.Natural($"must be a whole number in 0 .. {ulong.MaxValue}; leave it out for 1"),
        };
        var output = new Option<string?>("--out", "-o")
        {
            Description = "Directory for the record [default: runs/<UTC time>-<bench>]",
            HelpName = "DIR",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Continue the campaign in DIR after its last finished step; its own bench, model, data, target and seed apply",
            HelpName = "DIR",
        };
        Option<string?> server = ServerAddress.CreateOption(ServerAddress.Help);
        var wait = new Option<bool>("--wait") { Description = "Wait while another campaign of the daemon holds the bench, instead of ending with 69" };
        var json = new Option<bool>("--json") { Description = "Print the report as one JSON object; progress goes to standard error" };
        var maxImages = new Option<int?>("--max-images")
        {
            Description = "Use at most N test images for search and validation together, at least 250: quicker, wider intervals [default: all]",
            HelpName = "N",
            CustomParser = Numbers.Count(
                RequestReader.FewestImages, $"must be a whole number, at least {RequestReader.FewestImages}; leave it out for all images"),
        };
        Option<double?> halfWidth = CampaignOptions.SigmaHalfWidth();
        Option<bool> corrected = CampaignOptions.Corrected();
        var command = new Command(
            "run",
            $"""
            Runs one campaign: opens the device, measures its noise, learns the redundancy K of each layer, pushes it, compares device and
            model layer by layer, validates the accuracy on the device, and leaves a record (report.html, report.json, raw reads).

            Examples:
              hil run
              hil run --bench my-bench.json --model net.onnx --data ./images --max-drop 1 --out runs/first
              hil run --json | jq .validation
              hil run --resume runs/first          after Ctrl-C

            {ExitCodes.Help}
            """)
        {
            bench, model, data, maxDrop, seed, output, resume, server, wait, json, maxImages, halfWidth, corrected,
        };
        command.Validators.Add(result =>
        {
            if (Given(result, resume) && Given(result, output))
            {
                result.AddError("--resume continues the record in its own directory, so --out cannot be given with it");
            }
        });
        command.SetAction(async (parsed, cancellationToken) => (int)await new RunSession(terminal).RunAsync(
            new RunOptions(
                parsed.GetValue(bench),
                parsed.GetValue(model),
                parsed.GetValue(data),
                parsed.GetValue(maxDrop),
                parsed.GetValue(seed),
                parsed.GetValue(output),
                parsed.GetValue(resume),
                parsed.GetValue(server),
                parsed.GetValue(json),
                parsed.GetValue(maxImages),
                parsed.GetValue(halfWidth))
            {
                Wait = parsed.GetValue(wait),
                Corrected = parsed.GetValue(corrected),
            },
            cancellationToken));
        return command;
    }

    private static bool Given(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
