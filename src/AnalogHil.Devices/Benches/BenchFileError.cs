namespace AnalogHil.Devices.Benches;

/// <summary>One thing that is wrong in a file.</summary>
/// <param name="Location">Where, as a JSON pointer (RFC 6901); "" is the whole file.</param>
/// <param name="Problem">What is there and what is allowed.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record BenchFileError(string Location, string Problem, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Location.Length == 0 ? "file" : Location)}: {Problem}; {Remedy}";
}
