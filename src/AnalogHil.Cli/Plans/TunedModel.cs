using System.Security.Cryptography;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Onnx;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>The model file that a plan is for: the given one, or one with the weights that were fine-tuned with the plan, beside the plan.</summary>
internal static class TunedModel
{
    private const string PlanEnding = ".plan.json";

    /// <summary>Refuses, before hours of learning, what could not be written after them: a file that is there already, or weights that cannot be replaced.</summary>
    /// <param name="method">The method.</param>
    /// <param name="inputs">What will be learned on.</param>
    /// <param name="planPath">Where the plan will be.</param>
    /// <exception cref="CliException">The model file could not be written.</exception>
    public static void Require(MethodChoice method, PlanInputs inputs, string planPath)
    {
        if (!method.TunesWeights)
        {
            return;
        }

        string path = PathOf(planPath);
        if (File.Exists(path))
        {
            throw new CliException(
                ExitCode.CannotWrite, $"{path} is there already, and the model with the tuned weights would go there; move it away, or choose another place for plan and model with --out");
        }

        OnnxWeights.Replace(File.ReadAllBytes(inputs.ModelFile), [.. inputs.Network.AnalogNodes.Select(node => node.Weights.ToArray())]);
    }

    /// <summary>Writes the tuned model where there is one; a file that came there meanwhile stays.</summary>
    /// <param name="learned">The plan.</param>
    /// <param name="inputs">What it was learned on.</param>
    /// <param name="planPath">Where the plan will be.</param>
    /// <returns>File and SHA-256 of the model that the plan is for.</returns>
    /// <exception cref="CliException">The model file cannot be written.</exception>
    public static (string File, string Sha256) Save(LearnedPlan learned, PlanInputs inputs, string planPath)
    {
        if (!learned.Task.Method.TunesWeights || learned.Method?.Learned.Network is not { } tuned)
        {
            return (inputs.ModelFile, inputs.Network.Sha256);
        }

        byte[] file = OnnxWeights.Replace(File.ReadAllBytes(inputs.ModelFile), [.. tuned.AnalogNodes.Select(node => node.Weights.ToArray())]);
        string path = PathOf(planPath);
        string part = $"{path}.{Environment.ProcessId}.part";
        try
        {
            // Whole or not at all: nobody reads half a model.
            File.WriteAllBytes(part, file);
            File.Move(part, path, overwrite: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new CliException(ExitCode.CannotWrite, $"{path} cannot be written: {refused.Message.TrimEnd('.')}; choose another place with --out", refused);
        }

        return (path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static string PathOf(string planPath) =>
        (planPath.EndsWith(PlanEnding, StringComparison.Ordinal) ? planPath[..^PlanEnding.Length] : Path.ChangeExtension(planPath, null)) + ".onnx";
}
