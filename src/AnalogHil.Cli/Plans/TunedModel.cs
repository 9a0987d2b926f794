using System.Security.Cryptography;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Onnx;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>The model file that a plan is for: the given one, or one with the weights that were fine-tuned with the plan.</summary>
internal static class TunedModel
{
    private const string PlanEnding = ".plan.json";

    /// <summary>Writes the tuned model beside the plan where there is one.</summary>
    /// <param name="learned">The plan.</param>
    /// <param name="inputs">What it was learned on.</param>
    /// <param name="planPath">Where the plan will be.</param>
    /// <returns>File and SHA-256 of the model that the plan is for.</returns>
    public static (string File, string Sha256) Save(LearnedPlan learned, PlanInputs inputs, string planPath)
    {
        if (!learned.Task.Method.TunesWeights || learned.Method?.Learned.Network is not { } tuned)
        {
            return (inputs.ModelFile, inputs.Network.Sha256);
        }

        byte[] file = OnnxWeights.Replace(File.ReadAllBytes(inputs.ModelFile), [.. tuned.AnalogNodes.Select(node => node.Weights.ToArray())]);
        string stem = planPath.EndsWith(PlanEnding, StringComparison.Ordinal) ? planPath[..^PlanEnding.Length] : Path.ChangeExtension(planPath, null);
        string path = stem + ".onnx";
        File.WriteAllBytes(path, file);
        return (path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
