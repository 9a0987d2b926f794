using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Cli.Models;

/// <summary>`hil model`: looks at networks on this machine, without a device or a daemon.</summary>
internal static class ModelCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal) => new("model", "Checks networks and measures their accuracy, with noise and without; needs no device. Gives networks to a running daemon.")
    {
        CreateCheck(terminal),
        ModelEvalCommand.Create(terminal),
        ModelBitsCommand.Create(terminal),
        ModelImportCommand.CreateImport(terminal),
        ModelImportCommand.CreateList(terminal),
    };

    /// <summary>The argument that names a model.</summary>
    public static Argument<string> File() => new("FILE") { Description = "ONNX model, or name of a model that comes with the program" };

    /// <summary>Runs something on model or image files; what is wrong with them ends the command with 65.</summary>
    public static T Reading<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception bad) when (bad is ModelImportException or DataSetException)
        {
            throw new CliException(ExitCode.BadInput, bad.Message, bad);
        }
    }

    private static Command CreateCheck(Terminal terminal)
    {
        Argument<string> file = File();
        var batch = new Option<int?>("--batch")
        {
            Description = "Items that are executed together, for the memory figures [default: 1]",
            HelpName = "N",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1; leave it out for 1"),
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line" };
        var command = new Command(
            "check",
            """
            Reads a network as hil run would and shows its operators, parameters and multiply-accumulates, the products that run on an analog
            device, and whether its preprocessing is declared. Ends with 65 and the cause where the network cannot be used.

            Examples:
              hil model check fashion-resnet
              hil model check net.onnx --json | jq .macs
            """)
        {
            file, batch, json,
        };
        command.SetAction(parsed => (int)Check(
            terminal, parsed.GetRequiredValue(file), parsed.GetValue(batch) ?? 1, parsed.GetValue(json)));
        return command;
    }

    private static ExitCode Check(Terminal terminal, string given, int batch, bool json)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        string path = files.Model(given);
        ModelCheck check = Reading(() => ModelCheck.Of(path, files.PreprocessingDirectory));
        if (json)
        {
            terminal.Output.WriteLine(ModelCheckJson.Of(check, batch));
        }
        else
        {
            ModelCheckView.Write(check, batch, terminal.CreateConsole());
        }

        return ExitCode.Accept;
    }
}
