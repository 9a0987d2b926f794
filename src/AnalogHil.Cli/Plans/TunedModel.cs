using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Onnx;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>The model file that a plan is for: the given one, or one with the weights that were fine-tuned with the plan, beside the plan.</summary>
internal static class TunedModel
{
    private const string PlanEnding = ".plan.json";

    // As declarations are read.
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Refuses, before hours of learning, what could not be written after them: a file that is there already, or weights that cannot be replaced.</summary>
    /// <param name="method">The method.</param>
    /// <param name="inputs">What will be learned on.</param>
    /// <param name="planPath">Where the plan will be.</param>
    /// <param name="declarations">Directory of declarations of preprocessing.</param>
    /// <returns>The declaration of preprocessing that goes beside the model; null where there is none.</returns>
    /// <exception cref="CliException">The model file or its declaration could not be written.</exception>
    public static string? Require(MethodChoice method, PlanInputs inputs, string planPath, string declarations)
    {
        if (!method.TunesWeights)
        {
            return null;
        }

        string path = PathOf(planPath);

        // Not every file system tells capitals from small letters.
        if (string.Equals(path, planPath, StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException(
                ExitCode.CannotWrite, $"{planPath} would be both the plan and the model with the tuned weights; name a plan file that does not end in .onnx with --out");
        }

        string? declaration = TextSets.IsFor(inputs.Network) ? null : DeclarationOf(inputs.ModelFile, inputs.Network.Sha256, declarations);
        RequireFree(path, "the model with the tuned weights");
        if (declaration is not null)
        {
            RequireFree(DeclarationPathOf(path), "the declaration of preprocessing of the model with the tuned weights");
        }

        OnnxWeights.Replace(File.ReadAllBytes(inputs.ModelFile), [.. inputs.Network.AnalogNodes.Select(node => node.Weights.ToArray())]);
        return declaration;
    }

    /// <summary>The declaration of preprocessing of a model, for the same model with other weights: without the hashes that it names.</summary>
    /// <param name="modelFile">Path of the .onnx file.</param>
    /// <param name="modelSha256">Its SHA-256, lower-case hex.</param>
    /// <param name="declarations">Directory of further declarations.</param>
    /// <returns>Its text; null where there is none.</returns>
    /// <exception cref="DataSetException">It is damaged, or is for another model.</exception>
    public static string? DeclarationOf(string modelFile, string modelSha256, string declarations)
    {
        if (Preprocessing.Find(modelFile, modelSha256, declarations)?.Source is not { } source)
        {
            return null;
        }

        JsonObject declaration = JsonNode.Parse(File.ReadAllText(source), documentOptions: Lenient)!.AsObject();
        declaration.Remove("model_sha256");

        // Leads from where the old file lies.
        declaration.Remove("$schema");
        return declaration.ToJsonString(Indented) + "\n";
    }

    /// <summary>Writes the tuned model with its declaration where there is one; a file that came there meanwhile stays.</summary>
    /// <param name="learned">The plan.</param>
    /// <param name="inputs">What it was learned on.</param>
    /// <param name="planPath">Where the plan will be.</param>
    /// <param name="declaration">What <see cref="Require"/> found.</param>
    /// <returns>File and SHA-256 of the model that the plan is for.</returns>
    /// <exception cref="CliException">The model file or its declaration cannot be written.</exception>
    public static (string File, string Sha256) Save(LearnedPlan learned, PlanInputs inputs, string planPath, string? declaration)
    {
        if (!learned.Task.Method.TunesWeights || learned.Method?.Learned.Network is not { } tuned)
        {
            return (inputs.ModelFile, inputs.Network.Sha256);
        }

        byte[] file = OnnxWeights.Replace(File.ReadAllBytes(inputs.ModelFile), [.. tuned.AnalogNodes.Select(node => node.Weights.ToArray())]);
        string path = PathOf(planPath);
        if (declaration is null)
        {
            Place(path, file);
            return (path, Convert.ToHexStringLower(SHA256.HashData(file)));
        }

        // First, so that nobody finds the model without it.
        Place(DeclarationPathOf(path), Encoding.UTF8.GetBytes(declaration));
        try
        {
            Place(path, file);
        }
        catch (CliException)
        {
            // Of no model, and the next try would be refused for it.
            File.Delete(DeclarationPathOf(path));
            throw;
        }

        return (path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static void RequireFree(string path, string what)
    {
        if (File.Exists(path))
        {
            throw new CliException(
                ExitCode.CannotWrite, $"{path} is there already, and {what} would go there; move it away, or choose another place for plan and model with --out");
        }
    }

    // Whole or not at all: nobody reads half a file. What is there stays.
    private static void Place(string path, byte[] file)
    {
        string part = $"{path}.{Environment.ProcessId}.part";
        try
        {
            File.WriteAllBytes(part, file);
            File.Move(part, path, overwrite: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new CliException(ExitCode.CannotWrite, $"{path} cannot be written: {refused.Message.TrimEnd('.')}; choose another place with --out", refused);
        }
    }

    private static string DeclarationPathOf(string modelPath) => Path.ChangeExtension(modelPath, null) + Preprocessing.Extension;

    private static string PathOf(string planPath) =>
        (planPath.EndsWith(PlanEnding, StringComparison.Ordinal) ? planPath[..^PlanEnding.Length] : Path.ChangeExtension(planPath, null)) + ".onnx";
}
