using AnalogHil.Cli.Files;

namespace AnalogHil.Cli.Tests.Files;

public sealed class InputFilesTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void ModelOfDaemon_NameOfAKeptModel_StandsAsItIs()
    {
        string name = "models/" + new string('a', 64);

        Assert.Equal(name, Files().ModelOfDaemon(name));
    }

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("models/fashion-lenet.onnx")]
    public void ModelOfDaemon_ModelOfTheProgram_IsItsFile(string given)
    {
        string file = FakeTerminal.Touch(_terminal.Program, "models/fashion-lenet.onnx");

        Assert.Equal(file, Files().ModelOfDaemon(given));
    }

    [Fact]
    public void ModelOfDaemon_FileInAFolderCalledModels_IsThatFile()
    {
        string file = FakeTerminal.Touch(_terminal.Current, "models/net.onnx");

        Assert.Equal(file, Files().ModelOfDaemon("models/net.onnx"));
    }

    [Fact]
    public void ModelOfDaemon_NeitherNameNorFile_IsRefused()
    {
        CliException refused = Assert.Throws<CliException>(() => Files().ModelOfDaemon("models/none"));

        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
    }

    public void Dispose() => _terminal.Dispose();

    private InputFiles Files() => new(_terminal.Current, _terminal.Program);
}
