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

    [Fact]
    public void Create_OfTheImagesDrawnForIt_GivesThePartsOfTheWholeSet()
    {
        Splits whole = Splits.Create(Test, 120, 180, 11);
        Splits drawn = Splits.Create(Drawn(300, 11), 120, 180, 11);
        Assert.Equal(whole.Search.Pixels, drawn.Search.Pixels);
        Assert.Equal(whole.Search.Labels, drawn.Search.Labels);
        Assert.Equal(whole.Certification.Pixels, drawn.Certification.Pixels);
        Assert.Equal(whole.Certification.Name, drawn.Certification.Name);
    }

    [Fact]
    public void Create_OfImagesDrawnForAnotherSeed_SaysWhatIsMissing()
    {
        var error = Assert.Throws<PrecisionException>(() => Splits.Create(Drawn(300, 12), 120, 180, 11));
        Assert.Equal(PrecisionFault.Data, error.Fault);
        Assert.Contains("300 of 1000 that were read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsearched_OfSomeImages_HasThoseThatTheSearchDoesNotHave()
    {
        float[] searched = Splits.Create(Test, 400, 600, 11).Search.Pixels;
        LabelledImages some = Drawn(300, 12);
        float[] left = Splits.Unsearched(some, 400, 11).Pixels;
        Assert.NotEmpty(left);
        Assert.Equal(some.Pixels.Except(searched).Order(), left.Order());
        Assert.Equal(600, Splits.Unsearched(Test, 400, 11).Count);
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

    private static LabelledImages Drawn(int count, ulong seed)
    {
        var drawn = new DrawnPlaces(1000, Splits.Places(1000, count, seed));
        return Test with { Pixels = [.. drawn.Places.Select(i => (float)i)], Labels = [.. drawn.Places.Select(i => i % 10)], Drawn = drawn };
    }
}
