using System.Text;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Tests.Text;

namespace AnalogHil.Engine.Tests.Data;

public sealed class TextSetsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("texts").FullName;
    private readonly OnnxNetwork _network = Tokens.Encoder().Load();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Open_Texts_PutsInputsOneAfterTheOther()
    {
        Write("dev.ids.npy", [3, 6], [.. Enumerable.Range(0, 18).Select(i => (long)i % 11)]);
        Write("dev.mask.npy", [3, 6], [.. Enumerable.Repeat(1L, 18)]);
        Write("dev.labels.npy", [3], [2, 0, 1]);

        LabelledImages texts = TextSets.Open(_directory, _network, ImageSplit.Test, 2);

        Assert.Equal([2, 0], texts.Labels);
        Assert.Equal(_network.InputShape, texts.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5, 1, 1, 1, 1, 1, 1, 6, 7, 8, 9, 10, 0, 1, 1, 1, 1, 1, 1], texts.Pixels);
        Assert.True(TextSets.IsFor(_network));
        Assert.False(TextSets.Holds(_directory, _network, ImageSplit.Calibration));
    }

    [Theory]
    [InlineData("dev.mask.npy", new[] { 3, 5 }, 1, "has shape (3, 5), the model's input 'mask' [6] and 3 labels need (3, 6)")]
    [InlineData("dev.ids.npy", new[] { 3, 6 }, 1L << 24, "value 0 is 16777216, outside")]
    [InlineData("dev.labels.npy", new[] { 3 }, 3, "label is 3, the network's classes are 0 to 2")]
    public void Open_WhatDoesNotFit_SaysWhat(string file, int[] dims, long value, string expected)
    {
        Write("dev.ids.npy", [3, 6], new long[18]);
        Write("dev.mask.npy", [3, 6], new long[18]);
        Write("dev.labels.npy", [3], new long[3]);
        Write(file, dims, [.. Enumerable.Repeat(value, dims.Aggregate(1, (a, b) => a * b))]);

        DataSetException error = Assert.Throws<DataSetException>(() => TextSets.Open(_directory, _network, ImageSplit.Test));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingInput_NamesTheFiles()
    {
        Write("dev.labels.npy", [3], new long[3]);

        DataSetException error = Assert.Throws<DataSetException>(() => TextSets.Open(_directory, _network, ImageSplit.Test));

        Assert.Contains("dev or test.labels.npy and one array for each input, .ids.npy, .mask.npy", error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, int[] dims, long[] values)
    {
        string header = $"{{'descr': '<i8', 'fortran_order': False, 'shape': ({string.Join(", ", dims)}{(dims.Length == 1 ? "," : "")}), }}";
        header = header.PadRight(117) + "\n";
        using var file = new BinaryWriter(File.Create(Path.Combine(_directory, name)));
        file.Write([0x93, .. "NUMPY"u8, 1, 0]);
        file.Write((ushort)header.Length);
        file.Write(Encoding.Latin1.GetBytes(header));
        foreach (long value in values)
        {
            file.Write(value);
        }
    }
}
