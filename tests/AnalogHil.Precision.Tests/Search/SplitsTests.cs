using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search;

namespace AnalogHil.Precision.Tests.Search;

public class SplitsTests
{
    // One pixel for each image, its index: what went where can be told.
    private static readonly LabelledImages Test = new(
        "test", new ImageShape(1, 1, 1), [.. Enumerable.Range(0, 1000).Select(i => (float)i)], [.. Enumerable.Range(0, 1000).Select(i => i % 10)]);

    [Fact]
    public void Create_Always_GivesDisjointPartsWithTheirLabels()
    {
        Splits splits = Splits.Create(Test, 400, 600, 11);
        Assert.Equal(400, splits.Search.Count);
        Assert.Equal(600, splits.Certification.Count);
        Assert.Equal(1000, splits.Search.Pixels.Concat(splits.Certification.Pixels).Distinct().Count());
        Assert.All(splits.Search.Pixels.Zip(splits.Search.Labels), pair => Assert.Equal((int)pair.First % 10, pair.Second));
        Assert.NotEqual(splits.Search.Pixels.Order(), splits.Search.Pixels);
    }

    [Fact]
    public void Create_WithEqualSeeds_GivesEqualSplits()
    {
        Assert.Equal(Splits.Create(Test, 400, 600, 11).Search.Pixels, Splits.Create(Test, 400, 600, 11).Search.Pixels);
        Assert.NotEqual(Splits.Create(Test, 400, 600, 11).Search.Pixels, Splits.Create(Test, 400, 600, 12).Search.Pixels);
    }

    [Theory]
    [InlineData(500, 501)]
    [InlineData(99, 500)]
    [InlineData(500, 0)]
    public void Create_WithTooFewImages_SaysHowMany(int search, int certification)
    {
        var error = Assert.Throws<PrecisionException>(() => Splits.Create(Test, search, certification, 1));
        Assert.Equal(PrecisionFault.Data, error.Fault);
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
    }
}
