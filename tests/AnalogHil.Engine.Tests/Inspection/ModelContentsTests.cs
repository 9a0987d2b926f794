using AnalogHil.Engine.Inspection;

namespace AnalogHil.Engine.Tests.Inspection;

public sealed class ModelContentsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("contents-").FullName;

    [Fact]
    public void Read_RepositoryModel_CountsWhatIsWritten()
    {
        ModelContents contents = ModelContents.Read(Repository.Model("fashion-lenet"));

        Assert.Equal(13, contents.Opset);
        Assert.Equal(new FileInfo(Repository.Model("fashion-lenet")).Length, contents.Bytes);
        // conv 5x5 1-16, conv 5x5 16-32, fc 800-120, fc 120-10, biases included.
        Assert.Equal(16 * 26 + 32 * (25 * 16 + 1) + 120 * 801 + 10 * 121, contents.Parameters);
        Assert.Equal(2, contents.Operators.Single(count => count.Operator == "Conv").Count);
        Assert.Equal(contents.Operators.OrderByDescending(count => count.Count), contents.Operators);
        TensorDeclaration input = Assert.Single(contents.Inputs);
        Assert.Equal(("input", "float32"), (input.Name, input.ElementType));
        Assert.Equal(["N", "1", "28", "28"], input.Shape);
        Assert.Equal(["N", "10"], Assert.Single(contents.Outputs).Shape);
    }

    [Fact]
    public void Read_NoModel_SaysSo()
    {
        string path = Path.Combine(_directory, "net.onnx");
        File.WriteAllBytes(path, [0xFF, 0xFF, 0xFF]);

        Assert.Contains("is not an ONNX model", Assert.Throws<ModelImportException>(() => ModelContents.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<ModelImportException>(() => ModelContents.Read(path + "x")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
