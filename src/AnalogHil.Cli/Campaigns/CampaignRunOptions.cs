using System.CommandLine;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Campaigns;

/// <summary>Options of `hil campaign run`.</summary>
internal sealed class CampaignRunOptions
{
    private readonly Option<string?> _bench = new("--bench", "-b") { Description = "Bench [default: crossbar]", HelpName = "FILE" };

    private readonly Option<string?> _model = new("--model", "-m")
    {
        Description = "ONNX model, name of one that comes with the program, or models/HASH of one that the daemon keeps [default: fashion-resnet]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _data = new("--data", "-d") { Description = "Images [default: fashion-mnist]", HelpName = "NAME|DIR" };

    private readonly Option<double?> _maxDrop = new("--max-drop")
    {
        Description = "Largest accepted loss of accuracy, percentage points [default: 2]",
        HelpName = "POINTS",
    };

    private readonly Option<ulong?> _seed = new("--seed", "-s") { Description = "Seed [default: 1]", HelpName = "N" };

    private readonly Option<string?> _output = new("--out", "-o") { Description = "Directory for the record [default: runs/<UTC time>-<bench>]", HelpName = "DIR" };

    private readonly Option<int?> _maxImages = new("--max-images") { Description = "Use at most N test images [default: all]", HelpName = "N" };

    private readonly Option<double?> _halfWidth = CampaignOptions.SigmaHalfWidth();

    private readonly Option<bool> _corrected = CampaignOptions.Corrected();

    private readonly Option<bool> _wait = new("--wait") { Description = "Wait while the bench is taken" };

    private readonly Option<bool> _again = new("--auto-resume") { Description = "Go on by itself when the daemon starts again, as long as the lease holds" };

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_bench, _model, _data, _maxDrop, _seed, _output, _maxImages, _halfWidth, _corrected, _wait, _again])
        {
            command.Add(option);
        }
    }

    /// <summary>Name of a model that the daemon keeps, models/HASH; null where it is a file.</summary>
    public string? KeptModel(ParseResult parsed) =>
        parsed.GetValue(_model) is { } named && named.StartsWith("models/", StringComparison.Ordinal) ? named : null;

    /// <summary>Whether the campaign goes on when the daemon starts again.</summary>
    public bool ResumesByItself(ParseResult parsed) => parsed.GetValue(_again);

    /// <summary>What was asked for, as given; a model that the daemon keeps is left out.</summary>
    public RunOptions Read(ParseResult parsed) => new(
        parsed.GetValue(_bench), KeptModel(parsed) is null ? parsed.GetValue(_model) : null, parsed.GetValue(_data), parsed.GetValue(_maxDrop), parsed.GetValue(_seed),
        parsed.GetValue(_output), Resume: null, Server: null, Json: false, parsed.GetValue(_maxImages), parsed.GetValue(_halfWidth))
    {
        Wait = parsed.GetValue(_wait),
        Corrected = parsed.GetValue(_corrected),
    };
}
