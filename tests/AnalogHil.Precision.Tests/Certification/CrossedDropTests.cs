using AnalogHil.Core.Numerics;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Certification;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Certification;

public class CrossedDropTests(ITestOutputHelper output)
{
    private const int Campaigns = 800;
    private const double Level = 0.05;

    // A true miss rate of 5 % gives more than this many misses of 800 with a probability of 3e-5 (4 standard deviations).
    private const int MostMisses = 40 + 25;

    /// <summary>Image i of draw r is lost where its difficulty, the draw's common shift and their own chance together exceed a threshold: the true drop is known.</summary>
    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(0.15, 10)]
    [InlineData(0.3, 10)]
    [InlineData(0.5, 40)]
    public void Limits_OfDrawsThatAllExamplesShare_MissAtMostOneInTwenty(double spreadOfDraws, int draws)
    {
        const int Images = 500;
        const double SpreadOfImages = 1;
        double truth = Normal.CDF(0, 1, Threshold / Math.Sqrt(1 + SpreadOfImages * SpreadOfImages + spreadOfDraws * spreadOfDraws));
        int above = 0;
        int below = 0;
        int imagesOnlyMisses = 0;
        for (int campaign = 0; campaign < Campaigns; campaign++)
        {
            bool[][] noisy = Draw((ulong)campaign, Images, draws, SpreadOfImages, spreadOfDraws);
            bool[] clean = [.. Enumerable.Repeat(true, Images)];
            CrossedDrop drop = CrossedDrop.Of(clean, noisy, shared: true);
            above += drop.Limits.High < truth ? 1 : 0;
            below += drop.Limits.Low > truth ? 1 : 0;
            imagesOnlyMisses += CrossedDrop.Of(clean, noisy, shared: false).Limits.High < truth ? 1 : 0;
        }

        output.WriteLine(
            $"seeds 0 .. {Campaigns - 1}: true drop {100 * truth:0.00} points, upper limit missed {above}, lower {below} of {Campaigns}; without the draws' part {imagesOnlyMisses}; false alarms below 1e-4 at exactly {100 * Level} %");
        Assert.InRange(above, 0, MostMisses);
        Assert.InRange(below, 0, MostMisses);
        Assert.True(spreadOfDraws < 0.3 || imagesOnlyMisses > 1.5 * MostMisses, "the case does not need the draws' part");
    }

    [Fact]
    public void Limits_OfTheFewestDevicesThatDifferMost_MissAsOftenAsTheCertificateSays()
    {
        const int Images = 500;
        double truth = Normal.CDF(0, 1, Threshold / Math.Sqrt(1 + 1 + 0.25));
        int above = 0;
        for (int campaign = 0; campaign < CrossedDrop.SkewedCampaigns; campaign++)
        {
            bool[][] noisy = Draw((ulong)campaign, Images, CrossedDrop.FewestShared, 1, 0.5);
            above += CrossedDrop.Of([.. Enumerable.Repeat(true, Images)], noisy, shared: true).Limits.High < truth ? 1 : 0;
        }

        output.WriteLine($"seeds 0 .. {CrossedDrop.SkewedCampaigns - 1}: upper limit missed {above} of {CrossedDrop.SkewedCampaigns}");
        Assert.Equal(CrossedDrop.SkewedMisses, above);
    }

    [Fact]
    public void Limits_OfDrawsThatNothingShares_MissAtMostOneInTwentyAndShrinkWithDraws()
    {
        const int Images = 500;
        double truth = Normal.CDF(0, 1, Threshold / Math.Sqrt(2));
        int above = 0;
        double one = 0;
        double ten = 0;
        for (int campaign = 0; campaign < Campaigns; campaign++)
        {
            bool[][] noisy = Draw((ulong)(campaign + 100_000), Images, 10, 1, 0);
            bool[] clean = [.. Enumerable.Repeat(true, Images)];
            CrossedDrop all = CrossedDrop.Of(clean, noisy, shared: false);
            above += all.Limits.High < truth ? 1 : 0;
            ten += all.Limits.Width;
            one += CrossedDrop.Of(clean, noisy[..1], shared: false).Limits.Width;
        }

        output.WriteLine($"seeds 100000 ..: upper limit missed {above} of {Campaigns}; width with ten draws {ten / one:0.000} of that with one");
        Assert.InRange(above, 0, MostMisses);
        Assert.InRange(ten / one, 0.5, 0.9);
    }

    [Fact]
    public void Of_OneDraw_HasTheLimitsOfTango()
    {
        bool[] clean = [.. Enumerable.Range(0, 400).Select(i => i % 10 != 0)];
        bool[] noisy = [.. Enumerable.Range(0, 400).Select(i => i % 10 != 1 && i % 40 != 2)];
        Interval tango = TangoInterval.Of(PairedCounts.Of(clean, noisy), 0.9);
        CrossedDrop drop = CrossedDrop.Of(clean, [noisy], shared: false);
        Assert.Equal(tango.Low, drop.Limits.Low, 1e-9);
        Assert.Equal(tango.High, drop.Limits.High, 1e-9);
        Assert.Equal(0, drop.DrawError);
    }

    [Fact]
    public void Of_WithoutAnyDifference_StillHasAnUpperLimit()
    {
        bool[] clean = [.. Enumerable.Repeat(true, 200)];
        CrossedDrop drop = CrossedDrop.Of(clean, [.. Enumerable.Repeat(clean, 10)], shared: true);
        Assert.Equal(0, drop.Drop);
        Assert.InRange(drop.Limits.High, 0.01, 0.02);
    }

    [Fact]
    public void Of_KnownParts_FindsTheSpreadFromDrawToDraw()
    {
        // Draw r loses the first 10 r of 1000 images: nothing but the draws varies.
        bool[] clean = [.. Enumerable.Repeat(true, 1000)];
        bool[][] noisy = [.. Enumerable.Range(0, 10).Select(r => Enumerable.Range(0, 1000).Select(i => i >= 10 * r).ToArray())];
        CrossedDrop drop = CrossedDrop.Of(clean, noisy, shared: true);
        Assert.Equal(0.045, drop.Drop, 1e-12);
        Assert.Equal(0.030277, Math.Sqrt(10) * drop.DrawError, 1e-5);
        Assert.InRange(drop.DrawSpread, 0.029, 0.030277);
    }

    private const double Threshold = -2.6;

    private static bool[][] Draw(ulong seed, int images, int draws, double spreadOfImages, double spreadOfDraws)
    {
        float[] numbers = new float[images + draws + images * draws];
        GaussianGenerator.Fill(GaussianKey.Derive(0xC2055ED, seed), 0, numbers);
        return
        [
            .. Enumerable.Range(0, draws).Select(r => Enumerable.Range(0, images).Select(i =>
                Threshold + spreadOfImages * numbers[i] + spreadOfDraws * numbers[images + r] + numbers[images + draws + r * images + i] <= 0).ToArray()),
        ];
    }
}
