namespace AnalogHil.Engine.Quantisation;

/// <summary>Exponential moving average of each batch's smallest and largest value: single outliers count little.</summary>
/// <param name="Gamma">Weight of a new batch, above 0 and at most 1.</param>
/// <param name="PaperCode">
/// The average starts at the first batch (released code of Garg et al. 2021), which then keeps the weight (1 - gamma)^(batches - 1): 0.37 after
/// 100 batches. Otherwise every batch weighs gamma (1 - gamma)^age, divided by the sum of these weights.
/// </param>
public sealed record MovingAverageRule(double Gamma = 0.01, bool PaperCode = false) : RangeRule
{
    /// <summary>Weight of a new batch, above 0 and at most 1.</summary>
    public double Gamma { get; } = Gamma is > 0 and <= 1
        ? Gamma
        : throw new ArgumentOutOfRangeException(nameof(Gamma), Gamma, "gamma, the weight of a new batch, must be above 0 and at most 1");

    /// <summary>Weight of the first batch in the average of <paramref name="batches"/> batches.</summary>
    public double FirstBatchWeight(int batches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        double kept = Math.Pow(1 - Gamma, batches - 1);
        return PaperCode ? kept : Gamma * kept / (1 - kept * (1 - Gamma));
    }

    /// <inheritdoc/>
    public override RangeEstimator Start(long values) => new Estimator(this);

    private sealed class Estimator(MovingAverageRule rule) : RangeEstimator
    {
        private float _batchLow = float.PositiveInfinity;
        private float _batchHigh = float.NegativeInfinity;
        private double _low;
        private double _high;
        private double _weight;

        public override void EndBatch()
        {
            if (_batchLow > _batchHigh)
            {
                return;
            }

            double share = rule.PaperCode && _weight == 0 ? 1 : rule.Gamma;
            _low += share * (_batchLow - _low);
            _high += share * (_batchHigh - _high);
            _weight += share * (1 - _weight);
            (_batchLow, _batchHigh) = (float.PositiveInfinity, float.NegativeInfinity);
        }

        protected override void Take(ReadOnlySpan<float> values, float low, float high)
        {
            _batchLow = Math.Min(_batchLow, low);
            _batchHigh = Math.Max(_batchHigh, high);
        }

        protected override InputRange Estimate()
        {
            EndBatch();
            return new InputRange((float)(_low / _weight), (float)(_high / _weight));
        }
    }
}
