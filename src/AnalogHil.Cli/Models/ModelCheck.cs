using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Inspection;

namespace AnalogHil.Cli.Models;

/// <summary>What `hil model check` found out about a file.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Contents">What is written in it.</param>
/// <param name="Network">What is executed.</param>
/// <param name="Preprocessing">Its declaration; null where there is none.</param>
/// <param name="PreprocessingProblem">Why there is none; null where there is one.</param>
internal sealed record ModelCheck(string Path, ModelContents Contents, OnnxNetwork Network, Preprocessing? Preprocessing, string? PreprocessingProblem)
{
    /// <summary>Kinds of device that multiply by stored weights: all there are.</summary>
    public static readonly IReadOnlyList<string> StoredWeightDevices = ["crossbar", "homodyne", "broadcast-and-weight"];

    /// <summary>Multiply-accumulates of all analog nodes for one item.</summary>
    public long Macs => Network.AnalogNodes.Sum(node => node.Macs);

    /// <summary>Weights of all analog nodes, as they lie on a device; a constant that two nodes share counts twice.</summary>
    public long AnalogWeights => Network.AnalogNodes.Sum(node => (long)node.Weights.Length);

    /// <summary>Kinds of device whose two operands may both change with every product; beside the others products of two activations run digitally.</summary>
    public static readonly IReadOnlyList<string> ActivationDevices = ["homodyne"];

    /// <summary>Kinds of device that can compute a node.</summary>
    public static IReadOnlyList<string> DevicesOf(AnalogNode node) => node.Operands == ProductOperands.Weights ? StoredWeightDevices : ActivationDevices;

    /// <summary>Products of two activations.</summary>
    public int ActivationProducts => Network.AnalogNodes.Count(node => node.Operands == ProductOperands.TwoActivations);

    /// <summary>Whether its input is a picture, so that pixels have to be turned into it.</summary>
    public bool TakesPictures => Network.Inputs.Count == 1 && Contents.Inputs is [{ Shape.Count: 4 }];

    /// <summary>Checks a file.</summary>
    /// <param name="path">ONNX file.</param>
    /// <param name="declarations">Directory of declarations that come with the program.</param>
    /// <exception cref="ModelImportException">It cannot be used.</exception>
    /// <exception cref="DataSetException">It has a declaration of preprocessing, which is damaged or for another model.</exception>
    public static ModelCheck Of(string path, string declarations)
    {
        OnnxNetwork network = OnnxNetwork.Load(path);
        ModelContents contents = ModelContents.Read(path);
        Preprocessing? preprocessing = Preprocessing.Find(path, network.Sha256, declarations);
        var check = new ModelCheck(path, contents, network, preprocessing, null);
        return preprocessing is null && check.TakesPictures
            ? check with { PreprocessingProblem = Engine.Data.Preprocessing.Missing(path, network.Sha256, declarations) }
            : check;
    }
}
