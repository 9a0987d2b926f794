using AnalogHil.Rpc.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace AnalogHil.Rpc.Tests.Wire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("plain ~text~", "plain ~text~")]
    [InlineData("100 %", "100 %25")]
    [InlineData("µ", "%C2%B5")]
    [InlineData("a\nb", "a%0Ab")]
    public void Encode_Text_IsPrintableAscii(string text, string encoded) => Assert.Equal(encoded, PercentEncoding.Encode(text));

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%41%4a", "AJ")]
    [InlineData("%FF", "\uFFFD")]
    public void Decode_AnyInput_GivesText(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Decode_Encoded_IsTheText() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        values =>
        {
            // Every scalar value, of all lengths of UTF-8; short enough not to be cut.
            string text = string.Concat(values.Take(80).Select(v => char.ConvertFromUtf32((v & 0x7FFFFFFF) % 0xD800)));
            Assert.Equal(text, PercentEncoding.Decode(PercentEncoding.Encode(text)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encode_TooLong_IsCutBetweenCharacters()
    {
        string encoded = PercentEncoding.Encode(new string('µ', 5000));

        Assert.True(encoded.Length <= PercentEncoding.MaxEncodedLength);
        Assert.EndsWith("%B5...", encoded, StringComparison.Ordinal);
    }
}
