using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Tests.Quantisation;

public sealed class AffineQuantiserTests
{
    public static TheoryData<float, float, int, bool> Ranges => new()
    {
        { 0, 6, 8, false }, { -1.3f, 2.7f, 8, false }, { -1.3f, 2.7f, 8, true }, { -0.01f, 3, 2, false }, { -5, 0.2f, 3, true }, { -7, -2, 5, true },
        { 3, 4, 4, false }, { -1e-3f, 1e-3f, 16, true }, { 0, 1000, 16, false }, { -1e36f, 1e36f, 2, true }, { 0, 1e-37f, 4, false },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void FakeQuantise_ValuesInRange_NearestPointWithinHalfAStep(float low, float high, int bits, bool isSigned)
    {
        var grid = AffineQuantiser.FromRange(low, high, bits, isSigned);
        float[] values = Draw(1003, Math.Min(low, 0), Math.Max(high, 0));
        float[] points = new float[values.Length];

        grid.FakeQuantise(values, points);

        for (int i = 0; i < values.Length; i++)
        {
            double code = Math.Round(points[i] / (double)grid.Scale) + grid.ZeroPoint;
            Assert.InRange(code, grid.LowestCode, grid.HighestCode);
            Assert.Equal((float)((code - grid.ZeroPoint) * grid.Scale), points[i]);
            Assert.True(Math.Abs((double)points[i] - values[i]) <= 0.50001 * grid.Scale + 1e-7 * Math.Abs(values[i]),
                $"{values[i]} -> {points[i]}, step {grid.Scale}");
        }

        Assert.Equal(1 << bits, grid.Levels);
        Assert.Equal(isSigned ? -(1 << (bits - 1)) : 0, grid.LowestCode);
        Assert.Equal((Math.Max(high, 0d) - Math.Min(low, 0d)) / (grid.Levels - 1), grid.Scale, 1e-6 * grid.Scale + 1e-38);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void FakeQuantise_ItsOwnResult_SameBits(float low, float high, int bits, bool isSigned)
    {
        foreach (AffineQuantiser grid in new[] { AffineQuantiser.FromRange(low, high, bits, isSigned), AffineQuantiser.Symmetric(high < 0 ? -high : high, bits) })
        {
            float[] values = Draw(1003, 2 * low, 2 * high);
            float[] once = new float[values.Length];
            float[] zero = [0];
            grid.FakeQuantise(values, once);
            float[] twice = [.. once];

            grid.FakeQuantise(twice, twice);
            grid.FakeQuantise(zero, zero);

            Assert.Equal(once, twice);
            Assert.Equal(0, zero[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Dequantise_CodesOfValues_EqualsFakeQuantise(float low, float high, int bits, bool isSigned)
    {
        var grid = AffineQuantiser.FromRange(low, high, bits, isSigned);
        float[] values = [.. Draw(999, 2 * low, 2 * high), float.PositiveInfinity, float.NegativeInfinity, 0];
        int[] codes = new int[values.Length];
        float[] decoded = new float[values.Length];
        float[] points = new float[values.Length];

        grid.Quantise(values, codes);
        grid.Dequantise(codes, decoded);
        grid.FakeQuantise(values, points);

        Assert.Equal(points, decoded);
        Assert.All(codes, code => Assert.InRange(code, grid.LowestCode, grid.HighestCode));
        Assert.Equal((grid.High, grid.Low, 0), (decoded[^3], decoded[^2], decoded[^1]));
        Assert.Equal(grid.ZeroPoint, codes[^1]);
    }

    // Nine values and a tenth: eight go through the vector, the others one by one.
    [Fact]
    public void Quantise_Ties_GoToEvenMultiple()
    {
        var grid = new AffineQuantiser(0.5f, zeroPoint: 10, bits: 5);
        float[] values = [.. new[] { -1.25f, -0.75f, -0.25f, 0.25f, 0.75f, 1.25f, 1.75f, 100, 0.25f, 0.75f }];
        int[] codes = new int[10];

        grid.Quantise(values, codes);

        Assert.Equal([8, 8, 10, 10, 12, 12, 14, 31, 10, 12], codes);
        Assert.Equal((-5f, 10.5f), (grid.Low, grid.High));
    }

    [Fact]
    public void FakeQuantise_RangeOfNothingButZero_EverythingBecomesZero()
    {
        float[] values = [-3, -0f, 0, 2, float.MaxValue, float.NegativeInfinity, 1e-40f, 5, 6, 7];

        foreach (AffineQuantiser grid in new[] { AffineQuantiser.FromRange(0, 0), AffineQuantiser.Symmetric(0), AffineQuantiser.PaperCode(0, 0) })
        {
            grid.FakeQuantise(values, values);

            Assert.All(values, value => Assert.Equal(0, value));
            Assert.Equal(1, grid.Levels);
        }
    }

    [Fact]
    public void FakeQuantise_NotANumber_StaysSo()
    {
        float[] values = [1, float.NaN, 3, 4, 5, 6, 7, 8, float.NaN];
        var grid = AffineQuantiser.FromRange(0, 8);
        float[] points = new float[9];

        grid.FakeQuantise(values, points);

        Assert.Equal([1, 8], Enumerable.Range(0, 9).Where(i => float.IsNaN(points[i])));
        Assert.Contains("value 7 is not a number", Assert.Throws<ArgumentException>(() => grid.Quantise(values.AsSpan(2, 7).ToArray().Prepend(0f).Append(float.NaN).ToArray(), new int[9])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => grid.Quantise(values, new int[9]));
    }

    // Clip at the range, divide, round, multiply: their order, in float32.
    [Theory]
    [InlineData(-127.5f, 127.5f, 8, 257)]
    [InlineData(-1, 1, 8, 255)]
    [InlineData(0, 6, 8, 256)]
    [InlineData(-0.37f, 1.21f, 4, 16)]
    [InlineData(1, 2, 8, 256)]
    public void PaperCode_AnyValue_EqualsTheirFormula(float low, float high, int bits, int levels)
    {
        var grid = AffineQuantiser.PaperCode(low, high, bits);
        float[] values = Draw(1003, low - 1, high + 1);
        float[] points = new float[values.Length];

        grid.FakeQuantise(values, points);

        float scale = (high - low) / ((1 << bits) - 1);
        Assert.Equal(values.Select(x => MathF.Round(Math.Max(Math.Min(x, high), low) / scale) * scale), points);
        Assert.Equal(levels, grid.Levels);
        Assert.Equal((low, high), (grid.Low, grid.High));
    }

    [Fact]
    public void Create_ImpossibleGrid_SaysWhatIsPossible()
    {
        Assert.Contains("2 to 16 bits", Assert.Throws<ArgumentOutOfRangeException>(() => AffineQuantiser.FromRange(0, 1, 17)).Message, StringComparison.Ordinal);
        Assert.Contains("2 to 16 bits", Assert.Throws<ArgumentOutOfRangeException>(() => AffineQuantiser.Symmetric(1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 1] is empty", Assert.Throws<ArgumentOutOfRangeException>(() => AffineQuantiser.FromRange(2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => AffineQuantiser.FromRange(0, float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => AffineQuantiser.FromRange(float.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AffineQuantiser(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AffineQuantiser(1e36f, 0, 16));
        Assert.Contains("0 to 255", Assert.Throws<ArgumentOutOfRangeException>(() => new AffineQuantiser(1, 256)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => AffineQuantiser.FromRange(0, 1).FakeQuantise(new float[3], new float[2]));
        Assert.Contains("code 1 is 256", Assert.Throws<ArgumentException>(() => AffineQuantiser.FromRange(0, 1).Dequantise([1, 256], new float[2])).Message, StringComparison.Ordinal);
    }

    private static float[] Draw(int count, float low, float high)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(i => i == 0 ? low : i == 1 ? high : (float)(low + ((double)high - low) * random.NextDouble()))];
    }
}
