using AnalogHil.Cli.Plans;
using AnalogHil.Engine.Data;

namespace AnalogHil.Cli.Tests.Plans;

public sealed class TunedModelTests : IDisposable
{
    private static readonly string Hash = new('a', 64);

    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void DeclarationOf_ModelThatIsDeclaredByItsHash_IsTheSameForAModelOfAnother()
    {
        string declarations = Directory.CreateDirectory(Path.Combine(_terminal.Program, "preprocessing")).FullName;
        File.WriteAllText(
            Path.Combine(declarations, "net.json"),
            $$"""
            {
              // Which model it is for.
              "$schema": "../preprocessing.schema.json",
              "model_sha256": ["{{Hash}}"],
              "channels": "rgb",
              "mean": [127.5],
              "std": [63.75],
              "crop": [24, 20],
              "label_offset": 1,
            }
            """);

        string declaration = TunedModel.DeclarationOf(Path.Combine(_terminal.Current, "net.onnx"), Hash, declarations)!;

        Assert.DoesNotContain("model_sha256", declaration, StringComparison.Ordinal);
        Assert.DoesNotContain("$schema", declaration, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_terminal.Current, "tuned.preprocess.json"), declaration);
        Preprocessing read = Preprocessing.ForModel(Path.Combine(_terminal.Current, "tuned.onnx"), new string('b', 64), declarations);
        Assert.Equal((ChannelOrder.Rgb, (24, 20), 1), (read.Channels, read.Crop!.Value, read.LabelOffset));
        Assert.Equal((127.5, 63.75), (read.Mean[0], read.Std[0]));
    }

    [Fact]
    public void DeclarationOf_ModelWithoutDeclaration_IsNone() =>
        Assert.Null(TunedModel.DeclarationOf(Path.Combine(_terminal.Current, "net.onnx"), Hash, _terminal.Program));

    public void Dispose() => _terminal.Dispose();
}
