namespace AnalogHil.Engine.Quantisation;

/// <summary>How the range of a tensor follows from the values observed in it.</summary>
public abstract record RangeRule
{
    /// <summary>An estimator for one tensor.</summary>
    /// <param name="values">Values that will be observed at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rule cannot be kept for so many values.</exception>
    public abstract RangeEstimator Start(long values);
}
