namespace AnalogHil.Core.Averaging;

/// <summary>An averaging law with the K up to which it was seen to hold: what an allocator of repeats may use.</summary>
/// <param name="Law">Variance of the mean of K reads.</param>
/// <param name="LargestPaying">Largest K whose mean was measured to vary less than that of the K before, at least 1.</param>
/// <param name="LargestMeasured">Largest K measured, at least <paramref name="LargestPaying"/>.</param>
public sealed record CertifiedLaw(AveragingLaw Law, int LargestPaying, int LargestMeasured)
{
    /// <summary>Null when K repeats are certified, else why not and what to do.</summary>
    /// <param name="repeats">K, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">K is below 1.</exception>
    public string? Refusal(int repeats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (repeats <= LargestPaying)
        {
            return null;
        }

        return repeats > LargestMeasured
            ? $"K = {repeats} was not measured; the certificate reaches K = {LargestMeasured}: measure averaging up to {repeats} or lower the largest K"
            : $"K = {repeats} does not pay: beyond K = {LargestPaying} the variance of the mean was not seen to fall; lower the largest K or remove the slow noise";
    }
}
