namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Two-sided percentile of all values: outliers beyond it are clipped. Exact, with linear interpolation between neighbours in order, as NumPy computes it.
/// </summary>
/// <remarks>
/// Only the tails are kept: (1 - Percent / 100) of the values and two more on each side (twice that while collecting), 13,000 for 160 images of a
/// layer of 800,000 values at 99.99.
/// </remarks>
/// <param name="Percent">Upper percentile, 50 to 100; the lower one is 100 - Percent.</param>
public sealed record PercentileRule(double Percent = 99.99) : RangeRule
{
    /// <summary>Most values of one tail, 64 MiB with its working space.</summary>
    public const int LargestTail = 1 << 23;

    /// <summary>Upper percentile, 50 to 100; the lower one is 100 - Percent.</summary>
    public double Percent { get; } = Percent is >= 50 and <= 100
        ? Percent
        : throw new ArgumentOutOfRangeException(nameof(Percent), Percent, "the upper percentile must lie between 50 and 100");

    private double Above => 1 - Percent / 100;

    /// <inheritdoc/>
    public override RangeEstimator Start(long values)
    {
        double tail = Math.Floor(values * Above) + 2;
        return tail <= LargestTail
            ? new Estimator(Above, values, (int)tail)
            : throw new ArgumentOutOfRangeException(
                nameof(values), values, $"percentile {Percent} of {values} values keeps {tail} of them, at most {LargestTail} are kept; observe fewer "
                    + "images or raise the percentile");
    }

    private sealed class Estimator(double above, long limit, int tail) : RangeEstimator
    {
        private readonly LargestValues _highest = new(tail, sign: 1);
        private readonly LargestValues _lowest = new(tail, sign: -1);

        public override void EndBatch()
        {
        }

        protected override void Take(ReadOnlySpan<float> values, float low, float high)
        {
            if (Count > limit)
            {
                throw new InvalidOperationException($"{Count} values were observed, the estimator was started for {limit}; start it for as many as will come");
            }

            _highest.Add(values, high);
            _lowest.Add(values, -low);
        }

        protected override InputRange Estimate() => new(-At(_lowest), At(_highest));

        // Rank above (n - 1) from the top, counted from 0.
        private float At(LargestValues tailValues)
        {
            double rank = (Count - 1) * above;
            int next = (int)Math.Floor(rank);
            ReadOnlySpan<float> descending = tailValues.Descending();
            double upper = descending[next];
            return next + 1 < descending.Length ? (float)(upper + (rank - next) * (descending[next + 1] - upper)) : (float)upper;
        }
    }
}
