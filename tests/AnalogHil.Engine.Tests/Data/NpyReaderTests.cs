using System.Text;
using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Tests.Data;

public sealed class NpyReaderTests
{
    [Fact]
    public void Parse_Int64Vector_GivesValues()
    {
        NpyArray<long> array = NpyReader.Parse<long>(File("<i8", "False", "(2,)", [5, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]), "x");

        Assert.Equal([2], array.Dims);
        Assert.Equal([5, -1], array.Values);
    }

    [Fact]
    public void Parse_Scalar_HasNoDimensions() => Assert.Equal([7], NpyReader.Parse<int>(File("<i4", "False", "()", [7, 0, 0, 0]), "x").Values);

    [Theory]
    [InlineData("<f8", "False", "(1,)", "needed")]
    [InlineData("<f4", "True", "(1,)", "C order")]
    [InlineData("<f4", "False", "(2,)", "holds 4 bytes")]
    [InlineData("<f4", "False", "(99999999999,)", "not a list of lengths")]
    [InlineData("<f4", "False", "(65536, 65536, 65536)", "holds 4 bytes")]
    public void Parse_OtherContents_SaysWhatIsNeeded(string type, string order, string shape, string expected)
    {
        DataSetException error = Assert.Throws<DataSetException>(() => NpyReader.Parse<float>(File(type, order, shape, [0, 0, 0, 0]), "x"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EveryTruncation_FailsCleanly()
    {
        byte[] file = File("<f4", "False", "(1,)", [0, 0, 0, 0]);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<DataSetException>(() => NpyReader.Parse<float>(file.AsSpan(0, length), "x"));
        }
    }

    [Fact]
    public void Read_MissingFile_NamesIt() =>
        Assert.Contains("/nowhere.npy", Assert.Throws<DataSetException>(() => NpyReader.Read<float>("/nowhere.npy")).Message, StringComparison.Ordinal);

    private static byte[] File(string type, string order, string shape, byte[] data)
    {
        byte[] header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. header, .. data];
    }
}
