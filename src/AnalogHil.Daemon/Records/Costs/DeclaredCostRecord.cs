using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records.Costs;

/// <summary>Energy and time of one image from what the device declares of itself: no measurement. Weight writing, settling, the host and digital operations are not in it, and static power stands beside it.</summary>
/// <param name="Parts">Parts of the energy.</param>
/// <param name="ReadNanoseconds">Declared time of one read, all columns of a tile at once.</param>
/// <param name="Seconds">Reads of one image with the learned plan, layers one after the other: sum of positions x passes x K x read time.</param>
/// <param name="UniformSeconds">The same with the uniform plan.</param>
/// <param name="SlowestLayer">Layer with the longest reads, which bounds the throughput where all layers work at once on different images.</param>
/// <param name="SlowestSeconds">Its time for one image.</param>
public sealed record DeclaredCostRecord(
    ImmutableArray<DeclaredPartRecord> Parts, double ReadNanoseconds, double Seconds, double UniformSeconds, string SlowestLayer, double SlowestSeconds)
{
    /// <summary>Area of the device, square millimetres; null where the bench does not tell.</summary>
    public StaticCostRecord? Area { get; init; }

    /// <summary>Power that the device draws whether it is read or not, watts; null where the bench does not tell. Times <see cref="Seconds"/> it is the static
    /// energy of an image where images come one at a time, times <see cref="SlowestSeconds"/> where all layers work at once.</summary>
    public StaticCostRecord? StaticPower { get; init; }
}
