using AnalogHil.Engine.Execution;

namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Estimates the range of one tensor from batches of its values. Within a batch the order of values and calls does not matter. One call at a time.
/// </summary>
public abstract class RangeEstimator
{
    /// <summary>Values observed.</summary>
    public long Count { get; private set; }

    /// <summary>The range, in the tensor's unit, after all batches.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed.</exception>
    public InputRange Range => Count > 0 ? Estimate() : throw new InvalidOperationException(
        "no value was observed, so there is no range; observe at least one image");

    /// <summary>Observes values of the current batch.</summary>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public void Observe(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        (float low, float high) = Extremes(values);
        if (!(float.IsFinite(low) && float.IsFinite(high)))
        {
            throw new ArgumentException("a value to calibrate on is infinite or not a number; check the images and the model");
        }

        Count += values.Length;
        Take(values, low, high);
    }

    /// <summary>Ends the current batch.</summary>
    public abstract void EndBatch();

    /// <summary>Takes values with their extremes.</summary>
    protected abstract void Take(ReadOnlySpan<float> values, float low, float high);

    /// <summary>The range; something was observed.</summary>
    protected abstract InputRange Estimate();

    private static unsafe (float Low, float High) Extremes(ReadOnlySpan<float> values)
    {
        fixed (float* start = values)
        {
            return RowKernels.Extremes(start, values.Length);
        }
    }
}
