using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Lenet => Path.Combine(Root, "models", "fashion-lenet.onnx");

    public static string Resnet => Path.Combine(Root, "models", "fashion-resnet.onnx");

    public static LabelledImages Test { get; } = IdxImageSet.Load(Path.Combine(Root, "data", "fashion-mnist"), ImageSplit.Test);

    public static string Model(string name) => Path.Combine(Root, "models", name + ".onnx");

    private static string FindRoot()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "AnalogHil.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("no AnalogHil.sln above the test");
        }

        return directory;
    }
}
