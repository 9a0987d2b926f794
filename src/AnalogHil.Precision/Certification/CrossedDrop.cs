using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Precision.Certification;

/// <summary>
/// Drop over R noise draws of M examples. Where a draw is shared by all examples (a programming, a chip), d_ri = drop + image_i + draw_r + rest_ri: the
/// mean over
/// all of them varies with the examples, S^2 of their means over M, and with the draws, S^2 of theirs over R, and more of either leaves the other as it is.
/// </summary>
/// <param name="Drop">acc_clean - mean acc_noisy, a fraction.</param>
/// <param name="Discordance">psi, share of examples and draws on which clean and noisy differ.</param>
/// <param name="Images">M.</param>
/// <param name="Draws">R.</param>
/// <param name="ImageError">Standard error of the drop from the finite number of examples, a fraction.</param>
/// <param name="DrawError">Standard error from the finite number of shared draws; 0 where every example has draws of its own.</param>
/// <param name="DrawSpread">tau, standard deviation of the drop from one shared draw to the next, what the examples' own part explains taken off; 0 where
/// draws are not shared.</param>
/// <param name="Limits">One-sided limits of the drop at both ends.</param>
public sealed record CrossedDrop(
    double Drop, double Discordance, int Images, int Draws, double ImageError, double DrawError, double DrawSpread, Interval Limits)
{
    /// <summary>Fewest shared draws that a claim may rest on.</summary>
    public const int FewestShared = 10;

    /// <summary>
    /// How often the upper limit was below the true drop in <see cref="SkewedCampaigns"/> simulated certifications with the fewest devices allowed, 500
    /// examples and devices that spread half as much as the examples do, where the drop of a device is skewed: more than one in twenty.
    /// </summary>
    public const int SkewedMisses = 64;

    /// <summary>Simulated certifications of <see cref="SkewedMisses"/>.</summary>
    public const int SkewedCampaigns = 800;

    /// <summary>Standard error of the drop, both parts.</summary>
    public double Error => Math.Sqrt(ImageError * ImageError + DrawError * DrawError);

    /// <summary>Distances from the drop to its lower and upper limit that the draws alone account for: no number of examples takes them away.</summary>
    public (double Low, double High) DrawDistance { get; init; }

    /// <summary>Computes it.</summary>
    /// <remarks>
    /// The examples' part is Tango's score interval at the number of examples that one draw of each would need for the same variance (M to M R), so that
    /// it holds its level with few discordant pairs. The draws' part is Student's with R - 1 degrees of freedom, longer on the side to which the draws are
    /// skewed (Johnson 1978): bad devices are worse than good ones are good. The distances of both add as squares
    /// (Zou and Donner 2008, variance estimates recovery). The rest of a draw's mean counts in both parts, which
    /// makes limits rather too wide than too narrow; where ten draws spread by as much as the drop itself, the upper one still
    /// misses more often (<see cref="SkewedMisses"/>).
    /// </remarks>
    /// <param name="clean">[M] whether the clean network is right.</param>
    /// <param name="noisy">[R][M] whether the noisy one is.</param>
    /// <param name="shared">Whether all examples of a draw share its noise.</param>
    /// <param name="oneSidedAlpha">Level of each limit, in (0, 0.5).</param>
    public static CrossedDrop Of(ReadOnlySpan<bool> clean, IReadOnlyList<bool[]> noisy, bool shared, double oneSidedAlpha = 0.05)
    {
        int images = clean.Length;
        int draws = noisy.Count;
        double[] ofImage = new double[images];
        double[] ofDraw = new double[draws];
        double up = 0;
        double down = 0;
        double squares = 0;
        for (int r = 0; r < draws; r++)
        {
            PairedCounts counts = PairedCounts.Of(clean, noisy[r]);
            ofDraw[r] = counts.Drop;
            up += (double)counts.CleanOnly / counts.Total / draws;
            down += (double)counts.NoisyOnly / counts.Total / draws;
            squares += counts.CleanOnly + counts.NoisyOnly;
            for (int i = 0; i < images; i++)
            {
                ofImage[i] += ((clean[i] ? 1 : 0) - (noisy[r][i] ? 1 : 0)) / (double)draws;
            }
        }

        double drop = up - down;
        double aroundImages = ofImage.Sum(value => (value - drop) * (value - drop));

        // Half a discordant pair is added: without any, the error is small, not zero.
        double imageVariance = (aroundImages + 0.5) / ((double)images * Math.Max(images - 1, 1));
        double aroundDraws = ofDraw.Sum(value => (value - drop) * (value - drop));
        double drawVariance = shared && draws > 1 ? aroundDraws / (draws - 1) / draws : 0;
        double rest = squares - (double)images * draws * drop * drop - draws * aroundImages - images * aroundDraws;
        double restVariance = draws > 1 ? Math.Max(rest, 0) / ((images - 1.0) * (draws - 1.0)) : 0;
        double spread = Math.Sqrt(Math.Max(draws * drawVariance - restVariance / images, 0));
        Interval alone = ImagesAlone(up, down, Math.Clamp((up + down - drop * drop) / imageVariance, images, (double)images * draws), oneSidedAlpha);
        (double Low, double High) distance = drawVariance > 0 ? DrawsAlone(ofDraw, drop, Math.Sqrt(drawVariance), oneSidedAlpha) : (0, 0);
        return new CrossedDrop(
            drop, up + down, images, draws, Math.Sqrt(imageVariance), Math.Sqrt(drawVariance), spread,
            new Interval(Math.Max(drop - Both(-alone.Low, distance.Low), -1), Math.Min(drop + Both(alone.High, distance.High), 1)))
        {
            DrawDistance = distance,
        };

        static double Both(double ofImages, double ofDraws) => Math.Sqrt(ofImages * ofImages + ofDraws * ofDraws);
    }

    private static (double Low, double High) DrawsAlone(double[] ofDraw, double mean, double error, double oneSidedAlpha)
    {
        double draws = ofDraw.Length;
        double t = StudentT.InvCDF(0, 1, draws - 1, 1 - oneSidedAlpha);
        double skewness = ofDraw.Sum(value => Math.Pow(value - mean, 3)) / draws / Math.Pow(error * Math.Sqrt(draws), 3);
        double longer = skewness * (1 + 2 * t * t) / (6 * Math.Sqrt(draws));
        return ((t + Math.Max(-longer, 0)) * error, (t + Math.Max(longer, 0)) * error);
    }

    // Distances of Tango's limits from the drop, at a number of examples that makes the variance right.
    private static Interval ImagesAlone(double up, double down, double examples, double oneSidedAlpha)
    {
        long total = (long)Math.Round(examples);
        var counts = new PairedCounts((long)Math.Round(up * total), (long)Math.Round(down * total), total);
        Interval limits = TangoInterval.Of(counts, 1 - 2 * oneSidedAlpha);
        return new Interval(limits.Low - counts.Drop, limits.High - counts.Drop);
    }
}
