namespace AnalogHil.Engine.Quantisation;

/// <summary>Smallest to largest value ever observed.</summary>
public sealed record MinMaxRule : RangeRule
{
    /// <inheritdoc/>
    public override RangeEstimator Start(long values) => new Estimator();

    private sealed class Estimator : RangeEstimator
    {
        private float _low = float.PositiveInfinity;
        private float _high = float.NegativeInfinity;

        public override void EndBatch()
        {
        }

        protected override void Take(ReadOnlySpan<float> values, float low, float high)
        {
            _low = Math.Min(_low, low);
            _high = Math.Max(_high, high);
        }

        protected override InputRange Estimate() => new(_low, _high);
    }
}
