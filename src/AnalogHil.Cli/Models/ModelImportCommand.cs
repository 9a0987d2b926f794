using System.CommandLine;
using System.Security.Cryptography;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;
using Spectre.Console;

namespace AnalogHil.Cli.Models;

/// <summary>`hil model import` and `hil model list`: networks that a daemon keeps.</summary>
internal static class ModelImportCommand
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Sends a network to a daemon.</summary>
    public static Command CreateImport(Terminal terminal)
    {
        var remote = new RemoteOptions();
        var file = new Argument<string>("FILE") { Description = "ONNX model, or name of one that comes with the program" };
        var name = new Option<string?>("--name") { Description = "What to call it [default: name of the file]", HelpName = "NAME" };
        var preprocessing = new Option<string?>("--preprocessing") { Description = "Declaration of preprocessing that goes with it", HelpName = "FILE" };
        Command command = remote.On(
            new Command(
                "import",
                """
                Sends a network to a running daemon, which keeps it by its hash; prints the name by which requests take it.

                Example:  hil model import net.onnx --name first-try
                """)
            {
                file, name, preprocessing,
            },
            withLease: false);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
            string path = files.Model(parsed.GetRequiredValue(file));
            var start = new ImportStart
            {
                Mutation = session.NewMutation(),
                DisplayName = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path),
                SizeBytes = new FileInfo(path).Length,
                PreprocessingJson = parsed.GetValue(preprocessing) is { } declared ? File.ReadAllText(files.Preprocessing(declared)) : "",
            };
            ImportModelResponse reply = await RemoteSession.RefusableAsync(() => SendAsync(session, path, start));
            return session.Show(reply, console => console.WriteLine(reply.Model.Name));
        });
        return command;
    }

    /// <summary>Lists what a daemon keeps.</summary>
    public static Command CreateList(Terminal terminal)
    {
        var remote = new RemoteOptions();
        Command command = remote.On(new Command("list", "Lists the networks that a running daemon keeps."), withLease: false);
        remote.Does(command, terminal, async (_, session) =>
        {
            var models = new ModelService.ModelServiceClient(session.Invoker);
            ListModelsResponse all = await Pages.AllAsync(token => session.CallAsync((_, options) =>
                models.ListModelsAsync(new ListModelsRequest { PageSize = Pages.Size, PageToken = token }, options)));
            return session.Show(all, console =>
            {
                Table table = new Table().Border(TableBorder.Rounded).AddColumn("called").AddColumn("input").AddColumn("classes").AddColumn("layers").AddColumn("name");
                foreach (Model model in all.Models)
                {
                    table.AddRow(Markup.Escape(model.DisplayName), Markup.Escape(model.InputShape), $"{model.Classes}", $"{model.Layers.Count}", Markup.Escape(model.Name));
                }

                console.Write(table);
            });
        });
        return command;
    }

    private static async Task<ImportModelResponse> SendAsync(RemoteSession session, string path, ImportStart start)
    {
        using AsyncClientStreamingCall<ImportModelRequest, ImportModelResponse> call =
            new ModelService.ModelServiceClient(session.Invoker).ImportModel(cancellationToken: session.Cancelled);
        try
        {
            await call.RequestStream.WriteAsync(new ImportModelRequest { Start = start });
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using FileStream file = File.OpenRead(path);
            byte[] chunk = new byte[ChunkBytes];
            int read;
            while ((read = await file.ReadAsync(chunk, session.Cancelled)) > 0)
            {
                hash.AppendData(chunk, 0, read);
                await call.RequestStream.WriteAsync(new ImportModelRequest { Chunk = ByteString.CopyFrom(chunk, 0, read) });
            }

            await call.RequestStream.WriteAsync(new ImportModelRequest { End = new ImportEnd { Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) } });
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Refused before everything was sent: the reply says why.
        }

        return await call.ResponseAsync;
    }
}
